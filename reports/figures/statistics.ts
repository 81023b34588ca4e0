import { binomialDistribution, median, medianAbsoluteDeviation } from "simple-statistics";

/** The confidence that an interval aims at. */
const CONFIDENCE = 0.95;

/** A modified z-score beyond this is an outlier (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993). */
const OUTLIER_Z = 3.5;

/** The standard deviation of a normal distribution by its median absolute deviation: 1 / Phi^-1(3/4). */
const DEVIATION_BY_MAD = 1.4826;

/** Below this many values nothing can be called an outlier: with four, two and two may be two states. */
const OUTLIER_MINIMUM = 5;

/** A range that holds the median of the distribution behind some values, with a known probability. */
interface Interval {
  readonly low: number;
  readonly high: number;
  /** The probability that the interval holds the median; 0 for a single value. */
  readonly coverage: number;
  /** False where too few values were taken to reach 95 percent: the interval is then their whole range. */
  readonly reaches95: boolean;
}

/** The middle of some values, and how well it is known. */
export interface Estimate {
  readonly median: number;
  readonly interval: Interval;
  readonly n: number;
}

/**
 * The interval between two order statistics, symmetric about the median: it assumes nothing of the distribution, and its
 * coverage is exact (Conover, "Practical Nonparametric Statistics", section 3.2). The narrowest one with 95 percent is
 * taken. Five values or fewer cannot give 95 percent: then it is their range, which for three values covers the median
 * three times in four.
 *
 * @param values at least one
 */
export function medianInterval(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  // The probability that k of n values fall below the median, for k from 0.
  const below = binomialDistribution(n, 0.5)!;
  let outside = 2 * below[0]!;
  let rank = 0;
  // Stryker disable next-line EqualityOperator: a sum of k / 2^n is never 0.05, so no coverage is 95 percent exactly
  while (outside + 2 * (below[rank + 1] ?? 1) <= 1 - CONFIDENCE) {
    rank += 1;
    outside += 2 * below[rank]!;
  }
  const coverage = 1 - outside;
  // Stryker disable next-line EqualityOperator: as above
  return { low: sorted[rank]!, high: sorted[n - 1 - rank]!, coverage, reaches95: coverage >= CONFIDENCE };
}

/** The median of some values with its interval; null of none. */
export function estimate(values: readonly number[]): Estimate | null {
  if (values.length === 0) return null;
  return { median: median([...values]), interval: medianInterval(values), n: values.length };
}

/** A figure and the block that it was measured in. */
export interface InBlock {
  readonly block: number;
  readonly value: number;
}

/**
 * The ratios of two series, each within one block: what drifts from block to block falls on both and cancels out. A block
 * that one of the two lacks gives no ratio.
 */
export function pairedRatios(series: readonly InBlock[], reference: readonly InBlock[]): InBlock[] {
  const referenceOf = new Map(reference.map(({ block, value }) => [block, value]));
  return series.flatMap(({ block, value }) => {
    const divisor = referenceOf.get(block);
    return divisor === undefined || divisor === 0 ? [] : [{ block, value: value / divisor }];
  });
}

/**
 * The spread of some values in the unit of a standard deviation, from their median absolute deviation: a few outliers do not
 * move it. 0 where more than half of the values are equal.
 *
 * @param values at least one
 */
export function robustDeviation(values: readonly number[]): number {
  return medianAbsoluteDeviation([...values]) * DEVIATION_BY_MAD;
}

/** The values that stand far from the rest, by their modified z-score. They are reported, and stay in every figure. */
export function outliers(series: readonly InBlock[]): InBlock[] {
  if (series.length < OUTLIER_MINIMUM) return [];
  const values = series.map(({ value }) => value);
  const middle = median(values);
  const deviation = robustDeviation(values);
  return series.filter(({ value }) => Math.abs(value - middle) / deviation > OUTLIER_Z);
}

/**
 * The factor (1 or more) within which a ratio may differ from 1 for no reason, from the ratios of one thing measured twice
 * under two names: the farther end of their interval.
 */
export function noiseFloor(again: Estimate): number {
  const { low, high } = again.interval;
  return Math.max(high, 1 / low, 1);
}

/**
 * True for a ratio that can't be told from 1: its interval includes 1, or lies inside the noise floor.
 *
 * @param floor from {@link noiseFloor}; 1 where it is not known
 */
export function isUndecided(ratio: Estimate, floor: number): boolean {
  const { low, high } = ratio.interval;
  return (low <= 1 && high >= 1) || (low >= 1 / floor && high <= floor);
}
