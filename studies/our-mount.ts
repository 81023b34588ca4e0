import { type Backend, builtInBackend, serve, withOptions } from "../runners/backends/index.js";

/** Our filesystem as a backend, with options for `fusemeter mount`. */
export function ourBackend(options: string): Backend {
  return withOptions(builtInBackend("fuse"), options);
}

/** The folders of a mount. */
export interface Folders {
  readonly source: string;
  readonly mountpoint: string;
}

/** Serves a backend until it is disposed of, without counters on the path of its requests but for READ. */
export function serveFolders(backend: Backend, folders: Folders, signal: AbortSignal) {
  return serve(backend, folders, "timed", signal);
}
