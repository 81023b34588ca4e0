import type { Queue } from "../transports/io-uring-entries.js";

/** The work of one worker thread. */
export type Role =
  /** `end` is an end of the connection that no other worker reads. */
  | { readonly transport: "device"; readonly end: number }
  | { readonly transport: "io-uring"; readonly queues: readonly Queue[]; readonly cpu: number };
