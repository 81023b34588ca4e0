import type { MessagePort } from "node:worker_threads";
import { FileHandle } from "../../linux/libc/file-handles.js";
import { isRoot } from "../../linux/libc/is-root.js";
import { Memory } from "../../linux/libc/memory.js";
import type { InitFlag } from "../protocol/init.js";
import type { Mode } from "../tables/access.js";
import type { ArrivalTable } from "../tables/arrival.js";
import type { DaemonReadahead } from "../tables/daemon-readahead.js";
import type { InodeTable } from "../tables/inodes.js";
import type { OpenFiles } from "../tables/open-files.js";
import type { Statistics } from "../tables/statistics.js";
import type { Views } from "../tables/views.js";
import type { CacheRules } from "./cache-modes.js";
import { Caller } from "./caller.js";
import { createDescriptorPath } from "./descriptor-path.js";
import { Invalidation } from "./invalidation.js";
import type { Policy, PolicySource, Transform } from "./policy.js";

/** The options of a mount and the kernel's answer to them: plain data, so that it reaches every worker. */
export interface Settings extends CacheRules {
  /** The source's real path. */
  readonly source: string;
  readonly mode: Mode;
  readonly transport: string;
  /** The minor number of the FUSE ABI in use. */
  readonly minor: number;
  /** `source`: a mirror of the source. `zeros`: endless files of zeros with nothing behind them. */
  readonly content: "source" | "zeros";
  readonly policy: PolicySource | null;
  /** True if the source's filesystem may report a failed write by close(2) only. */
  readonly reportsLate: boolean;
  /** Directories are listed without having been opened: the file handle of a READDIR means nothing. */
  readonly openlessDirectories: boolean;
  readonly negotiated: ReadonlySet<InitFlag>;
  readonly maxWriteBytes: number;
  /** True if writes stay in the kernel's page cache for a while. */
  readonly writeback: boolean;
  readonly debug: boolean;
}

/**
 * Memory of one thread that its functions pass values in, so that a request allocates nothing. Each holds until the next call that
 * is named with it.
 */
interface Registers {
  /** A struct statx: the attributes that the last `lookUp`, `adopt` or `adoptOpen` saw. */
  readonly statx: Memory;
  /** The last file handle that was taken or copied. */
  readonly handle: FileHandle;
  /** Descriptors that `fdOf` and `directoryOf` opened for the request under way. `returnBorrowed` closes them. */
  readonly borrowed: number[];
  /** True if the last name that was looked up was new: then the next is likely to be. */
  predictsNewNames: boolean;
  /** Directory entries and other structs on their way through, for the length of one operation. */
  readonly scratch: Memory;
  /** The path below /proc/self/fd that the last `descriptorName` or `descriptorPath` wrote. */
  readonly descriptorPath: Memory;
}

/** A worker's view of its mount, which every handler gets. */
export interface Context {
  readonly settings: Settings;
  readonly inodes: InodeTable;
  /** An end of the connection, for its ioctls. */
  readonly device: number;
  /** The directory /proc/self/fd: a name in it opens a descriptor's file anew. */
  readonly descriptors: number;
  /** The port to the deferred thread, which serves what may take long. */
  readonly deferred: MessagePort;
  readonly invalidation: Invalidation;
  /** The identity that the worker's thread acts with. */
  readonly caller: Caller;
  readonly openFiles: OpenFiles;
  /** Null if all of the source is there. */
  readonly arrival: ArrivalTable | null;
  /** Null if the kernel reads ahead itself. */
  readonly readahead: DaemonReadahead | null;
  /** The module that is asked at each open. */
  readonly policy: Policy | null;
  readonly transforms: readonly Transform[];
  /** Null if there are no transforms. */
  readonly views: Views | null;
  readonly statistics: Statistics;
  /** This worker's counts of requests, by opcode. */
  readonly requests: Float64Array;
  /** A directory of the source's filesystem, for file handles; -1 if they can't be used. */
  readonly handleRoot: number;
  /** The id of that directory's mount. */
  readonly handleMount: number;
  readonly registers: Registers;
}

export const SCRATCH_BYTES = 65536;

/** The parts of a context that come from its mount; the rest is the worker's own. */
export type Shared = Omit<Context, "caller" | "invalidation" | "registers">;

export function createContext(shared: Shared): Context {
  return {
    ...shared,
    caller: new Caller(isRoot()),
    invalidation: new Invalidation(shared.device),
    registers: {
      statx: new Memory(256),
      handle: new FileHandle(),
      borrowed: [],
      predictsNewNames: false,
      scratch: new Memory(SCRATCH_BYTES),
      descriptorPath: createDescriptorPath(),
    },
  };
}
