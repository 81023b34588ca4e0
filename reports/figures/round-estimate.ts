import type { Estimate } from "./statistics.js";
import { type Centre, halfWidth, trimmedMean } from "./trimmed-mean.js";

/** One round in so many is trimmed at each end. Fewer rounds than that have none to spare: theirs is Student's interval. */
const ROUNDS_BY_TRIMMED = 10;

/** The confidence that a reader is told. */
const CONFIDENCE = 0.95;

/**
 * The nominal confidence of an interval whose width ends the run. Such a run ends when its spread looks small by chance, so its
 * interval must be wider than one of as many rounds that were fixed before: see docs/measuring.md, "When a run ends".
 */
const CONFIDENCE_AT_LOOKS = 0.975;

/** The number of rounds: fixed before the first one, or ended by the precision that was reached. */
export type RoundsEnd = "fixed" | "precision";

/**
 * The mean of the logarithms of some rounds' ratios. Null of fewer than two: their spread is not known.
 *
 * @param ratios above 0, one a round
 * @param trimmed the rounds that are trimmed at each end
 */
export function centreOfRounds(
  ratios: readonly number[],
  trimmed = Math.floor(ratios.length / ROUNDS_BY_TRIMMED),
): Centre | null {
  return ratios.length < 2 ? null : trimmedMean(ratios.map(Math.log), trimmed);
}

/**
 * The ratio behind the ratios of some rounds, with the 95 percent interval: the trimmed mean of their logarithms, so that a ratio
 * and its inverse have the same interval, and a rare round with another state of the machine does not move it.
 *
 * @param ratios above 0, one a round
 * @returns null of no round; a single round has no interval
 */
export function estimateOfRounds(ratios: readonly number[], end: RoundsEnd = "fixed"): Estimate | null {
  const n = ratios.length;
  if (n === 0) return null;
  const centre = centreOfRounds(ratios);
  if (centre === null) {
    const [only] = ratios as [number];
    return { median: only, interval: { low: only, high: only, coverage: 0, reaches95: false }, n };
  }
  const half = halfWidth(centre, end === "fixed" ? CONFIDENCE : CONFIDENCE_AT_LOOKS);
  const interval = {
    low: Math.exp(centre.centre - half),
    high: Math.exp(centre.centre + half),
    coverage: CONFIDENCE,
    reaches95: true,
  };
  return { median: Math.exp(centre.centre), interval, n };
}

/** The inverse of a ratio: throughput by native from the time by native. */
export function inverse({ median, interval, n }: Estimate): Estimate {
  return { median: 1 / median, interval: { ...interval, low: 1 / interval.high, high: 1 / interval.low }, n };
}

/** The distance from a ratio to the farther end of its interval, by the ratio: 0.02 is 2 percent. Null where it has no interval. */
export function halfWidthOf({ median, interval, n }: Estimate): number | null {
  return n < 2 ? null : Math.max(interval.high / median, median / interval.low) - 1;
}
