import { type OperationStorm, renamed, storms } from "../../runners/loads/index.js";
import { readBlocks, writeBlocks } from "./data-file.js";
import { gitStatus } from "./repository.js";

/** One measured step. */
interface Step {
  readonly name: string;
  /** @returns the number of operations */
  readonly run: (directory: string) => number;
  /** True: the step begins when the attributes that our mounts give the kernel have expired. */
  readonly isLater?: boolean;
}

/** Steps on one mount, in this order. */
export interface Part {
  readonly tree: "files" | "repository";
  readonly steps: readonly Step[];
}

/** The parts of a round, each on a fresh mount. "first" is the first touch of a mount, "again" follows at once. */
export function partsOf(files: number): readonly Part[] {
  const names = Array.from({ length: files }, (_, index) => `f${index}`);
  const onNames = (storm: OperationStorm) => (directory: string) => storm(directory, names);
  const stat = onNames(storms.stat);
  const listAndStat = (directory: string) => {
    storms.readdir(directory);
    return stat(directory);
  };
  return [
    {
      tree: "files",
      steps: [{ name: "create", run: onNames(storms.create) }],
    },
    {
      tree: "files",
      steps: [
        { name: "stat, first", run: stat },
        { name: "stat, again", run: stat },
        { name: "stat, later", run: stat, isLater: true },
      ],
    },
    {
      tree: "files",
      steps: [
        { name: "readdir, first", run: storms.readdir },
        { name: "readdir, again", run: storms.readdir },
      ],
    },
    {
      tree: "files",
      steps: [
        { name: "readdir and stat, first", run: listAndStat },
        { name: "readdir and stat, later", run: listAndStat, isLater: true },
        { name: "open, read, close", run: onNames(storms.openAndRead) },
        { name: "rename", run: onNames(storms.rename) },
        { name: "unlink", run: (directory) => storms.unlink(directory, names.map(renamed)) },
      ],
    },
    {
      tree: "files",
      steps: [
        { name: "read 4 KiB, first", run: readBlocks },
        { name: "write 4 KiB", run: writeBlocks },
      ],
    },
    {
      tree: "repository",
      steps: [
        { name: "git status, first", run: gitStatus },
        { name: "git status, again", run: gitStatus },
        { name: "git status, later", run: gitStatus, isLater: true },
      ],
    },
  ];
}
