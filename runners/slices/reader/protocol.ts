/** One contender of a group of slices, as the reader meets it. */
export interface JobContender {
  /** The file on the mount, or the source file for native. */
  readonly path: string;
  /** The file of the source tree behind it. */
  readonly source: string;
  /** The mount keeps pages of its own, which are dropped before a block is read again. False for native. */
  readonly hasPages: boolean;
  /** The access of one operation: pread(2), or a copy from a mapping. */
  readonly access: "read" | "mmap";
  /** The advice to the kernel: none, or POSIX_FADV_RANDOM and, for a mapping, MADV_RANDOM. */
  readonly advice: "none" | "random";
  /** The processes of its daemon: their CPU time is added to the reader's. */
  readonly pids: readonly number[];
  /**
   * Files of numbers that are all 0 when nothing is under way: the connection's `waiting`, the disk's `inflight`. The reader waits
   * for that after each slice, so that readahead does not go on into the next slice.
   */
  readonly inFlight: readonly string[];
  /** True where no such file tells of the connection: a daemon whose CPU time stands still is then taken as idle. */
  readonly idlesByCpu: boolean;
}

/** The operations of a group: all contenders do the same. */
export interface SliceJob {
  readonly operation: "read" | "write";
  readonly pattern: "sequential" | "random";
  readonly readers: number;
  readonly ioSizeBytes: number;
  readonly fileSizeBytes: number;
  /** Cold: no page of the file is in a cache when a slice begins. Warm: the source's are, the mount's are not. Hot: the mount's are. */
  readonly cache: "cold" | "warm" | "hot";
  /** The largest readahead window on the way to the data. The slices of a sequential reader are multiples of it. */
  readonly windowBytes: number;
  readonly seed: number;
  readonly contenders: readonly JobContender[];
}

/** A command to the reader, one line of JSON each; the answer is one line too. */
export type Command =
  /** Opens the files. */
  | { readonly do: "open"; readonly job: SliceJob }
  /** Finds the number of operations with which a slice lasts this long, for each contender. */
  | { readonly do: "size"; readonly sliceMs: number }
  /** Takes slices turn by turn. */
  | { readonly do: "turns"; readonly turns: number; readonly operations: readonly number[] }
  /** Takes the slices of one contender alone, untimed: for requests to be counted meanwhile. */
  | { readonly do: "prove"; readonly contender: number; readonly operations: number }
  | { readonly do: "close" };

/** The reason why a contender takes no more slices; null while it does. */
export type Failure = string | null;

/** The answer to `size`. */
export interface Sizes {
  readonly operations: readonly number[];
  /** The time of one turn, with all that is not timed: lead-in, dropped pages. */
  readonly msPerTurn: number;
}

/** The slices of one contender; index t is turn t. */
export interface ContenderSlices {
  /** Wall time of one operation, the reader's own cost included; null for a slice that was not taken. */
  readonly nsPerOperation: readonly (number | null)[];
  /** CPU time of one operation, of reader and daemon; null where a process of the daemon has gone. */
  readonly cpuNsPerOperation: readonly (number | null)[];
  readonly p50Ns: number;
  readonly p99Ns: number;
  /** Wall time of one operation in the first quarter of the slices' operations, and in the last. */
  readonly quartersNs: readonly [number, number];
  readonly failure: Failure;
}

/** The answer to `turns`. */
export interface Turns {
  readonly contenders: readonly ContenderSlices[];
  /** The reader's own part of the wall time of one operation. */
  readonly ownNsPerOperation: number;
  /** The same of CPU time: several readers that run side by side share the wall time alone. */
  readonly ownCpuNsPerOperation: number;
}

/** The answer to `prove`. */
export interface Proof {
  /** Operations that were done, lead-in included. */
  readonly operations: number;
  readonly failure: Failure;
}

/** An answer, or the reason why the command failed as a whole. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };
