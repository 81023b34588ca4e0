import { CpuMask } from "./cpu-mask.js";

/**
 * The placement of the calling thread. A core that it may not use (a cpuset) does not hold it. A move from outside (taskset(1))
 * stands: the thread then stays where it was put.
 */
export class Affinity {
  readonly #home: CpuMask;
  readonly #anywhere: CpuMask | number;
  /** The mask that this thread has given itself; at first the one that it found. */
  #own: CpuMask | number;

  /** @param cpu the core to keep it on */
  constructor(cpu: number) {
    this.#home = CpuMask.of(cpu);
    this.#anywhere = CpuMask.ofThread(0);
    this.#own = this.#anywhere;
  }

  pin(): void {
    this.#give(this.#home);
  }

  /** Lets the thread run on every core that it was allowed when this was made. */
  unpin(): void {
    this.#give(this.#anywhere);
  }

  #give(mask: CpuMask | number): void {
    const current = CpuMask.ofThread(0);
    if (typeof mask === "number" || typeof current === "number" || typeof this.#own === "number") return;
    if (current.equals(this.#own) && mask.giveTo(0) === 0) this.#own = mask;
  }
}
