/**
 * A mutex in shared memory, held for tens of nanoseconds at a time. Taking it where nobody holds it costs no system call.
 * The word's states are those of Drepper, "Futexes Are Tricky": 0 free, 1 held, 2 held and somebody sleeps.
 */
export class Lock {
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
