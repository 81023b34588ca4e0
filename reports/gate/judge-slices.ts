import type { Judgement } from "./judgement.js";
import { interval95, inverted, type LogRatio, lowerBound, slowerP, upperBound } from "./log-ratio.js";
import type { Look } from "./looks.js";

/** The fewest rounds that are judged: of fewer, the spread itself is hardly known. */
export const LEAST_ROUNDS = 4;

/** The factor within which one thing under two names may differ from itself in this run: the farther end of its interval. */
export function farEnd(floor: LogRatio | null): number {
  if (floor === null) return 1;
  const { low, high } = interval95(floor);
  return Math.max(high, 1 / low);
}

/** A time that is to be judged. */
interface JudgedSlices {
  /** Null of too few rounds. */
  readonly change: LogRatio | null;
  /** The factor by which one thing under two names, or in two sittings, may differ. */
  readonly knownDifference: number;
  /** Rounds behind it; of two sittings the fewer. */
  readonly rounds: number;
}

/** The rules for all times that are judged together. */
export interface SliceRules {
  /** The least ratio worth reporting, above 1. */
  readonly leastRatio: number;
  readonly look: Look;
  /** The number of times that are judged together: they share the error. */
  readonly together: number;
}

/**
 * Judges a time by slices. A regression needs all of: a mean beyond the least effect, beyond what the run is seen to differ from
 * itself by, and a lower bound above 1 at a level that all times and looks share. `same` needs an upper bound below the least effect.
 */
export function judgeSlices(
  { change, knownDifference, rounds }: JudgedSlices,
  { leastRatio, look, together }: SliceRules,
): Judgement {
  if (change === null || rounds < LEAST_ROUNDS)
    return { verdict: "unknown", reason: `${rounds} of the ${LEAST_ROUNDS} rounds that it takes` };
  const ratio = Math.exp(change.centre);
  const level = look.falseRegression / together;
  const isBeyond = (factor: number) => factor >= Math.max(leastRatio, knownDifference);
  if (isBeyond(ratio) && slowerP(change) < level) return { verdict: "worse", reason: null };
  const highest = upperBound(change, look.missedSlowdown);
  if (highest >= leastRatio) return { verdict: "unknown", reason: whyUnknown(change, ratio, highest, { leastRatio, level }) };
  const isBetter = isBeyond(1 / ratio) && slowerP(inverted(change)) < level;
  return { verdict: isBetter ? "better" : "same", reason: null };
}

const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`;

/** The precision that was reached, and the condition that does not hold. */
function whyUnknown(
  change: LogRatio,
  ratio: number,
  highest: number,
  { leastRatio, level }: { readonly leastRatio: number; readonly level: number },
): string {
  const reached = `slower by ${percent(highest)} is not excluded`;
  if (ratio < leastRatio) return reached;
  const lowest = lowerBound(change, level);
  return lowest > 1
    ? `${reached}; this host differs from itself by as much`
    : `${reached}, nor is no slowdown, at the level of a regression`;
}
