import type { Context } from "../serving/context.js";
import type { PendingRequest } from "../serving/deferral.js";
import type { LockOwners } from "../tables/lock-owners.js";
import type { WaitingLocks } from "./waiting-locks.js";
import type { WaitingReads } from "./waiting-reads.js";

/** The tools of an operation in the deferred thread. */
export interface Deferred {
  readonly context: Context;
  /** POSIX locks on the source. */
  readonly owners: LockOwners;
  readonly waitingLocks: WaitingLocks;
  /** Null if all of the source is there. */
  readonly waitingReads: WaitingReads | null;
  /** Room for an answer's body. */
  readonly body: Buffer;
  /** Answers a request. @param result the length of the answer's body, or -errno */
  answer(request: PendingRequest, result: number): void;
  /** Keeps the mount's descriptors open until some work is done. */
  holdFor(work: Promise<void>): void;
}
