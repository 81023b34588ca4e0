import { OPCODES, Opcode, opcodeName } from "../protocol/opcodes.js";

/** Counters before the workers' rows, in 64-bit floats, which count exactly to 2^53. */
const Head = { fallbacks: 0, lastFallbackErrno: 1, words: 8 } as const;

/**
 * The counters of a mount's workers, in memory that they share. Each worker has a row of its own for requests by opcode, so counting
 * is a plain addition.
 */
export class Statistics {
  readonly #numbers: Float64Array;

  static create(workers: number): SharedArrayBuffer {
    return new SharedArrayBuffer(8 * (Head.words + workers * OPCODES));
  }

  constructor(memory: SharedArrayBuffer) {
    this.#numbers = new Float64Array(memory);
  }

  /** The row of a worker, by opcode: the worker adds to it. */
  row(worker: number): Float64Array {
    const start = Head.words + worker * OPCODES;
    return this.#numbers.subarray(start, start + OPCODES);
  }

  get workers(): number {
    return (this.#numbers.length - Head.words) / OPCODES;
  }

  /** The number of requests by opcode's name, without those that never came. */
  requests(): Record<string, number> {
    const totals: Record<string, number> = {};
    for (const opcode of Object.values(Opcode)) {
      let total = 0;
      for (let worker = 0; worker < this.workers; worker++) total += this.row(worker)[opcode]!;
      if (total > 0) totals[opcodeName(opcode)] = total;
    }
    return totals;
  }

  /** Counts an open that was to be passthrough and is not. Callers hold the inode table's mutex. */
  countFallback(errno: number): void {
    this.#numbers[Head.fallbacks]!++;
    this.#numbers[Head.lastFallbackErrno] = errno;
  }

  get fallbacks(): { count: number; lastErrno: number } {
    return { count: this.#numbers[Head.fallbacks]!, lastErrno: this.#numbers[Head.lastFallbackErrno]! };
  }
}
