import { randomNumbers } from "../filesystem/fuzz/fuzzer.js";

/** Pseudo-random choices that a seed repeats. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = randomNumbers(seed);
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    return this.#next() % end;
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** Bytes of which some repeat, so that compressors find something to do. */
  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let i = 0; i < length; ) {
      const run = Math.min(1 + this.below(64), length - i);
      if (i > 100 && this.below(3) > 0) bytes.copyWithin(i, i - 1 - this.below(100), i - 1);
      for (let k = i; k < i + run; k++) if (bytes[k] === 0) bytes[k] = this.below(256);
      i += run;
    }
    return bytes;
  }
}
