import { bind } from "../libc/libc.js";
import { Memory } from "../libc/memory.js";

// 0 or `-errno`, both: it is the bare system call that returns a number of bytes, not the C library's function.
const getAffinity = bind("int sched_getaffinity(int thread, size_t bytes, uintptr_t mask)");
const setAffinity = bind("int sched_setaffinity(int thread, size_t bytes, uintptr_t mask)");

/** Enough for 8,192 CPUs, the most that a kernel is built for (CONFIG_NR_CPUS). */
const MASK_BYTES = 1024;

/** A set of CPUs, as sched_setaffinity(2) takes it: a bit for each. */
export class CpuMask {
  readonly #memory = new Memory(MASK_BYTES);

  /** The mask of one CPU. */
  static of(cpu: number): CpuMask {
    const mask = new CpuMask();
    mask.#memory.bytes[cpu >> 3] = 1 << (cpu & 7);
    return mask;
  }

  /**
   * The CPUs that a thread may use.
   *
   * @param thread its id; 0 is the calling thread
   * @returns the mask, or `-errno`
   */
  static ofThread(thread: number): CpuMask | number {
    const mask = new CpuMask();
    const error = getAffinity(thread, MASK_BYTES, mask.#memory.address);
    return error < 0 ? error : mask;
  }

  /** Lets a thread run on these CPUs alone. @returns 0, or `-errno`: EINVAL where its cpuset has none of them */
  giveTo(thread: number): number {
    return setAffinity(thread, MASK_BYTES, this.#memory.address);
  }

  equals(other: CpuMask): boolean {
    return this.#memory.bytes.equals(other.#memory.bytes);
  }

  /** The numbers of the CPUs, ascending. */
  get cpus(): number[] {
    return [...this.#memory.bytes].flatMap((byte, index) =>
      [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte & (1 << bit)) !== 0).map((bit) => 8 * index + bit),
    );
  }
}
