import { mean, median } from "simple-statistics";
import { rankSumP } from "../figures/rank-tests.js";

/** Values on each side of a step: fewer show nothing. */
const LEAST_SIDE = 4;

/** Values on each side that are looked at: with more, a level that comes back later would hide the step to it. */
const MOST_SIDE = 10;

/** The level of a step, for all places together where it could be. */
const ALPHA = 0.01;

/** A change of the level at one place of a series. */
export interface Step {
  /** The index of the first value of the new level. */
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Steps in a series: the place whose neighbourhood it divides best by the ranks of the two sides (the idea is Pettitt's, Applied
 * Statistics 28, 1979), then the same in each part. Ranks do not see outliers. Each place that is tried counts as a test.
 *
 * @param leastRatio the least change of the level worth reporting, as a ratio
 */
export function stepsOf(values: readonly number[], leastRatio = 1.05): Step[] {
  const places = values.length - 2 * LEAST_SIDE + 1;
  // Stryker disable next-line EqualityOperator: four values on each side of one place have a p of 1/35, above the level
  if (places < 1) return [];
  const candidates = Array.from({ length: places }, (_, index) => {
    const at = index + LEAST_SIDE;
    const [left, right] = [values.slice(Math.max(0, at - MOST_SIDE), at), values.slice(at, at + MOST_SIDE)];
    return { at, left, right, p: 2 * Math.min(rankSumP(right, left), rankSumP(left, right)) };
  });
  // Where several places are as good (all ranks apart), the one that leaves the least spread is the step.
  const spread = (part: readonly number[]) => part.reduce((sum, value) => sum + Math.abs(value - median([...part])), 0);
  const best = candidates.toSorted(
    (a, b) => a.p - b.p || spread(a.left) + spread(a.right) - spread(b.left) - spread(b.right),
  )[0]!;
  if (best.p * places > ALPHA) return [];
  const [before, after] = [median(best.left), median(best.right)];
  const scale = Math.max(Math.abs(mean([before, after])), Number.EPSILON);
  const isSmall = Math.abs(after - before) / scale < leastRatio - 1;
  const later = stepsOf(values.slice(best.at), leastRatio).map((step) => ({ ...step, at: step.at + best.at }));
  return [...stepsOf(values.slice(0, best.at), leastRatio), ...(isSmall ? [] : [{ at: best.at, before, after }]), ...later];
}
