/** Classes of latency for each power of two. The value of a class is right within 1/32. */
const CLASSES_PER_OCTAVE = 16;
const BITS = Math.log2(CLASSES_PER_OCTAVE);
/** The exponent's bias of an IEEE 754 double, in classes. */
const FIRST = 1023 << BITS;
/** Up to 2^40 ns, 18 minutes. */
export const LATENCY_CLASSES = 40 << BITS;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/**
 * A histogram of latencies in classes of equal ratio. Exponent and first bits of the mantissa are the class, so adding takes no
 * logarithm.
 */
export class Latencies {
  /** A count a class. */
  readonly counts: Uint32Array;

  constructor(counts = new Uint32Array(LATENCY_CLASSES)) {
    this.counts = counts;
  }

  /** @param ns 1 or more; less counts as 1 */
  add(ns: number): void {
    double[0] = Math.max(ns, 1);
    const index = (words[HIGH]! >>> (20 - BITS)) - FIRST;
    this.counts[index < LATENCY_CLASSES ? index : LATENCY_CLASSES - 1]! += 1;
  }

  clear(): void {
    this.counts.fill(0);
  }

  /** The middle of the class in which a quantile lies, in ns; 0 of no latencies. */
  quantile(part: number): number {
    const total = this.counts.reduce((sum, count) => sum + count, 0);
    let below = 0;
    for (let index = 0; index < LATENCY_CLASSES; index++) {
      below += this.counts[index]!;
      if (below > 0 && below >= part * total) return middleOf(index);
    }
    return 0;
  }
}

function middleOf(index: number): number {
  const octave = 2 ** (index >> BITS);
  const step = index & (CLASSES_PER_OCTAVE - 1);
  return octave * (1 + (step + 0.5) / CLASSES_PER_OCTAVE);
}
