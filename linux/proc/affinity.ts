import { bind } from "../libc/libc.js";
import { Memory } from "../libc/memory.js";

const getAffinity = bind("int sched_getaffinity(int thread, size_t bytes, uintptr_t mask)");
const setAffinity = bind("int sched_setaffinity(int thread, size_t bytes, uintptr_t mask)");

/** The placement of the calling thread. A core that it may not use (a cpuset) does not hold it. */
export class Affinity {
  readonly #home: Memory;
  readonly #anywhere: Memory;

  /** @param cpu the core to keep it on */
  constructor(cpu: number) {
    const bytes = Math.max(128, Math.ceil((cpu + 1) / 64) * 8);
    this.#home = new Memory(bytes);
    this.#home.bytes[cpu >> 3] = 1 << (cpu & 7);
    this.#anywhere = new Memory(bytes);
    getAffinity(0, bytes, this.#anywhere.address);
  }

  pin(): void {
    setAffinity(0, this.#home.bytes.length, this.#home.address);
  }

  /** Lets the thread run on every core that it was allowed when this was made. */
  unpin(): void {
    setAffinity(0, this.#anywhere.bytes.length, this.#anywhere.address);
  }
}
