/**
 * A mutex in shared memory, held for tens of nanoseconds at a time. Taking it while it is free costs no system call.
 * The word's states are those of Drepper, "Futexes Are Tricky": 0 free, 1 held, 2 held and somebody sleeps. It is not recursive, and
 * a holder that throws must release it (`finally`): nobody else can, and every thread of the mount would stop.
 *
 * The order in which threads of a mount take what they hold:
 *
 *     1. the box of DaemonReadahead   claimed by a worker that hands pages over; it holds a node meanwhile
 *     2. the mutex of InodeTable      the only mutex; nothing else is taken while it is held
 *
 * All other tables need no order: OpenFiles, Statistics and Views change single words atomically, LockOwners belongs to one thread. The
 * decision of `InodeTable.withOpens` runs with the mutex held and calls the kernel (BACKING_OPEN, capset(2)), which does not wait for
 * a request of the mount there. A notification may wait for one, so `Invalidation` is never called with the mutex held.
 */
export class Mutex {
  readonly #words: Int32Array;
  readonly #at: number;

  constructor(words: Int32Array, at: number) {
    this.#words = words;
    this.#at = at;
  }

  acquire(): void {
    for (let spins = 0; spins < 200; spins++) if (Atomics.compareExchange(this.#words, this.#at, 0, 1) === 0) return;
    while (Atomics.exchange(this.#words, this.#at, 2) !== 0) Atomics.wait(this.#words, this.#at, 2);
  }

  release(): void {
    if (Atomics.exchange(this.#words, this.#at, 0) === 2) Atomics.notify(this.#words, this.#at, 1);
  }
}
