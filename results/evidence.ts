import type { Run } from "./run.js";

/** The measurements that claims are judged by; several claims share one. */
export const studyNames = ["warm", "window", "cold", "large", "storms", "stacking", "per-inode", "mixed-io"] as const;
export type StudyName = (typeof studyNames)[number];

/** What was tried and what came of it, in a few words each. */
export interface Trial {
  readonly what: string;
  readonly works: boolean;
  /** READ requests that reached the daemon of the topmost mount; null where none could be counted. */
  readonly reads: number | null;
  /** The error, or what was seen. */
  readonly outcome: string;
}

/** Requests that a storm of one kind of call sent to the daemon. */
export interface Storm {
  /** `open`, `stat` or `readdir`. */
  readonly call: string;
  /** The mount's mode, and what its kernel may remember. */
  readonly mode: string;
  readonly cache: string;
  readonly calls: number;
  /** By opcode, of a second pass: the first has filled what caches there are. */
  readonly requests: Readonly<Record<string, number>> | null;
}

/** All that the claims are judged by. What was not measured, because nobody asked for it or it can't be, is empty. */
export interface Evidence {
  readonly runs: readonly Run[];
  readonly storms: readonly Storm[];
  readonly stacking: readonly Trial[];
  readonly perInode: readonly Trial[];
  readonly mixedIo: readonly Trial[];
}
