import { Errno } from "../../linux/libc/errno.js";
import { InHeader } from "../protocol/header.js";
import type { PendingRequest } from "../serving/deferral.js";
import { type EarlyInterrupts, nameOfUnique } from "./early-interrupts.js";

/**
 * The interval at which a lock is tried again that a process outside of this mount may release. A lock that a caller of the mount
 * releases is tried at once.
 */
const RETRY_MS = 20;

/** The lock requests that wait until somebody lets go, the longest-waiting first. */
export class WaitingLocks {
  readonly #tryLock: (request: PendingRequest) => number;
  readonly #answer: (request: PendingRequest, result: number) => void;
  readonly #waiting = new Map<string, PendingRequest>();
  readonly #early: EarlyInterrupts;
  #timer: NodeJS.Timeout | null = null;

  /** @param tryLock 0, or -errno; EAGAIN: somebody else has it */
  constructor(
    tryLock: (request: PendingRequest) => number,
    answer: (request: PendingRequest, result: number) => void,
    early: EarlyInterrupts,
  ) {
    this.#tryLock = tryLock;
    this.#answer = answer;
    this.#early = early;
  }

  /** Lets a request wait, unless its caller has already been interrupted. */
  add(request: PendingRequest): void {
    const unique = nameOfUnique(request.header[InHeader.unique]!, request.header[InHeader.unique + 1]!);
    if (this.#early.take(unique)) {
      this.#answer(request, -Errno.EINTR);
      return;
    }
    this.#waiting.set(unique, request);
    this.#timer ??= setInterval(() => this.retry(), RETRY_MS);
  }

  /** Tries every lock that is waited for. */
  retry(): void {
    for (const [unique, request] of this.#waiting) {
      const done = this.#tryLock(request);
      if (done === -Errno.EAGAIN) continue;
      this.#waiting.delete(unique);
      this.#answer(request, done);
    }
    if (this.#waiting.size === 0) this.end();
  }

  /** True if an interrupt was of one of these requests, which has then failed with EINTR. */
  interrupt(unique: string): boolean {
    const request = this.#waiting.get(unique);
    if (request === undefined) return false;
    this.#waiting.delete(unique);
    this.#answer(request, -Errno.EINTR);
    return true;
  }

  /** Stops trying. */
  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
