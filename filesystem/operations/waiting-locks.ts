import { Errno } from "../../linux/libc/errno.js";
import { InHeader } from "../protocol/header.js";
import type { PendingRequest } from "../serving/deferral.js";

/**
 * The interval at which a lock is tried again that a process outside of this mount may release. A lock that a caller of the mount
 * releases is tried at once.
 */
const RETRY_MS = 20;

/** An interrupt can overtake its request, since two workers carry them. It is remembered this long. */
const REMEMBER_MS = 1000;

/** The lock requests that wait until somebody lets go, the longest-waiting first. */
export class WaitingLocks {
  readonly #tryLock: (request: PendingRequest) => number;
  readonly #answer: (request: PendingRequest, result: number) => void;
  readonly #waiting = new Map<string, PendingRequest>();
  readonly #interrupted = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;

  /** @param tryLock 0, or -errno; EAGAIN: somebody else has it */
  constructor(tryLock: (request: PendingRequest) => number, answer: (request: PendingRequest, result: number) => void) {
    this.#tryLock = tryLock;
    this.#answer = answer;
  }

  /** Lets a request wait, unless its caller has already been interrupted. */
  add(request: PendingRequest): void {
    const unique = nameOf(request.header[InHeader.unique]!, request.header[InHeader.unique + 1]!);
    if (this.#interrupted.delete(unique)) {
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

  /** A caller no longer waits for its request. */
  interrupt([low, high]: readonly [low: number, high: number]): void {
    const unique = nameOf(low, high);
    const request = this.#waiting.get(unique);
    if (request !== undefined) {
      this.#waiting.delete(unique);
      this.#answer(request, -Errno.EINTR);
      return;
    }
    const now = Date.now();
    for (const [known, since] of this.#interrupted) if (now - since > REMEMBER_MS) this.#interrupted.delete(known);
    this.#interrupted.set(unique, now);
  }

  /** Stops trying. */
  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

function nameOf(low: number, high: number): string {
  return `${low} ${high}`;
}
