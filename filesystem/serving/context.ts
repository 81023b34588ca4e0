import type { MessagePort } from "node:worker_threads";
import { FileHandle } from "../../linux/libc/file-handles.js";
import { Memory } from "../../linux/libc/memory.js";
import type { InitFlag } from "../protocol/init.js";
import type { Mode } from "../tables/access.js";
import type { DaemonReadahead } from "../tables/daemon-readahead.js";
import type { InodeTable } from "../tables/inodes.js";
import type { OpenFiles } from "../tables/open-files.js";
import type { Statistics } from "../tables/statistics.js";
import type { Views } from "../tables/views.js";
import type { CacheRules } from "./cache-modes.js";
import { Caller } from "./caller.js";
import { Invalidation } from "./invalidation.js";
import type { Policy, PolicySource, Transform } from "./policy.js";
import { createDescriptorPath } from "./reopen.js";

/** What a mount was asked for and what the kernel agreed to: plain data, so that it reaches every worker. */
export interface Settings extends CacheRules {
  /** The source's real path. */
  readonly source: string;
  readonly mode: Mode;
  readonly transport: string;
  /** The minor number of the FUSE ABI in use. */
  readonly minor: number;
  /** What is served: a mirror of the source, or zeros with nothing behind them. */
  readonly content: "source" | "zeros";
  readonly policy: PolicySource | null;
  /** Whether the source's filesystem may tell of a failed write by close(2) only. */
  readonly reportsLate: boolean;
  /** Directories are listed without having been opened: the file handle of a READDIR says nothing. */
  readonly openlessDirectories: boolean;
  readonly negotiated: ReadonlySet<InitFlag>;
  readonly maxWriteBytes: number;
  /** Whether writes stay in the kernel's page cache for a while. */
  readonly writeback: boolean;
  readonly debug: boolean;
}

/** What the handlers of one worker work with. */
export interface Context {
  readonly settings: Settings;
  readonly inodes: InodeTable;
  /** An end of the connection, for its ioctls. */
  readonly device: number;
  /** The directory /proc/self/fd: a name in it opens a descriptor's file anew. */
  readonly descriptors: number;
  /** The thread that serves what may take long. */
  readonly waiter: MessagePort;
  readonly invalidation: Invalidation;
  /** Who the worker's thread acts for. */
  readonly caller: Caller;
  readonly openFiles: OpenFiles;
  /** Null where the kernel reads ahead itself. */
  readonly readahead: DaemonReadahead | null;
  /** What is asked at each open. */
  readonly policy: Policy | null;
  readonly transforms: readonly Transform[];
  /** Null where there are no transforms. */
  readonly views: Views | null;
  readonly statistics: Statistics;
  /** What this worker counts: requests, by opcode. */
  readonly requests: Float64Array;
  /** A directory of the source's filesystem, for file handles; -1 where they can't be used. */
  readonly handleRoot: number;
  /** Its mount's id. */
  readonly handleMount: number;
  /** A handle on its way. */
  readonly handle: FileHandle;
  /** Descriptors that the request under way has opened by handle. */
  readonly borrowed: number[];
  /** What the next lookup is taken to be like, by the last. */
  readonly expects: { newNames: boolean };
  /** A struct statx: the attributes that the last lookup saw. */
  readonly statx: Memory;
  /** For directory entries and other structs on their way through. */
  readonly scratch: Memory;
  /** For the path of a descriptor below /proc. */
  readonly descriptorPath: Memory;
}

export const SCRATCH_BYTES = 65536;

/** What a context is made of; the rest is the worker's own. */
export type Shared = Pick<
  Context,
  | "settings"
  | "inodes"
  | "openFiles"
  | "readahead"
  | "policy"
  | "transforms"
  | "views"
  | "statistics"
  | "requests"
  | "device"
  | "descriptors"
  | "handleRoot"
  | "handleMount"
  | "waiter"
>;

export function createContext(shared: Shared): Context {
  return {
    ...shared,
    caller: new Caller(process.getuid!() === 0),
    invalidation: new Invalidation(shared.device),
    handle: new FileHandle(),
    borrowed: [],
    expects: { newNames: false },
    statx: new Memory(256),
    scratch: new Memory(SCRATCH_BYTES),
    descriptorPath: createDescriptorPath(),
  };
}
