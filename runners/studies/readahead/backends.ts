import { type Backend, builtInBackend, withOptions } from "../../backends/backend.js";

/** The daemon's own readahead window: the kernel's default for a FUSE mount. */
const WINDOW = "128KB";

const fuse = builtInBackend("fuse");

/** The kernel's window is off, and the daemon pushes data into the page cache. */
const pushing: Backend = {
  ...withOptions(fuse, `--daemon-readahead ${WINDOW} -o ro`),
  name: "daemon-readahead",
  ownsReadahead: true,
};

/** The backends of `fusemeter readahead`. */
export const readaheadBackends: readonly Backend[] = [
  builtInBackend("native"),
  fuse,
  pushing,
  builtInBackend("fuse-uring"),
  builtInBackend("passthrough"),
];
