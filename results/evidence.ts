import type { Run } from "./run.js";

/** Something that was tried, and its outcome in a few words. */
export interface Trial {
  readonly what: string;
  readonly works: boolean;
  /** READ requests that reached the daemon of the topmost mount; null where none could be counted. */
  readonly reads: number | null;
  /** The error, or the observation. */
  readonly outcome: string;
}

/** Requests that a storm of one kind of call sent to the daemon. */
export interface Storm {
  /** `open`, `stat` or `readdir`. */
  readonly call: string;
  /** The mount's mode, and the bounds of the kernel's caches. */
  readonly mode: string;
  readonly cache: string;
  readonly calls: number;
  /** By opcode, of a second pass: the first has filled the caches. */
  readonly requests: Readonly<Record<string, number>> | null;
}

/** The measurements by which claims are judged. Those that nobody asked for, or that this host can't make, are missing. */
export interface Evidence {
  readonly runs: readonly Run[];
  readonly storms: readonly Storm[];
  /** By the name of their study. */
  readonly trials: Readonly<Record<string, readonly Trial[]>>;
}
