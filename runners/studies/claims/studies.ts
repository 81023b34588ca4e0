import { mixedIoStudy } from "./mixed-io.js";
import { perInodeStudy } from "./per-inode.js";
import { stackingStudy } from "./stacking.js";
import { stormStudy } from "./storms.js";
import type { Study } from "./study.js";

const SEQUENTIAL = "seq-rd-1th-1f";
const RANDOM = "rnd-rd-1th-1f";

/** Every study, in the order in which they are measured. */
export const studies = {
  warm: {
    grid: {
      backends: ["native", "fuse", "fuse-uring", "passthrough"],
      workloads: [SEQUENTIAL, RANDOM],
      ioSizeBytes: 4096,
      cache: "warm",
    },
  },
  window: {
    grid: {
      backends: ["fuse", "daemon-readahead"],
      workloads: [SEQUENTIAL],
      ioSizeBytes: 4096,
      cache: "warm",
      isWindowSwept: true,
    },
  },
  cold: {
    grid: { backends: ["native", "fuse", "passthrough"], workloads: [SEQUENTIAL, RANDOM], ioSizeBytes: 4096, cache: "cold" },
  },
  // A fast medium gives a file of the quick profile within 100 ms: three such times say little, nine say more.
  large: {
    grid: { backends: ["native", "fuse"], workloads: [SEQUENTIAL], ioSizeBytes: 2 ** 20, cache: "cold", blocksFactor: 3 },
  },
  storms: { storms: stormStudy },
  stacking: { trials: stackingStudy },
  "per-inode": { trials: perInodeStudy },
  "mixed-io": { trials: mixedIoStudy },
} as const satisfies Readonly<Record<string, Study>>;

export type StudyName = keyof typeof studies;

export const studyNames = Object.keys(studies) as StudyName[];
