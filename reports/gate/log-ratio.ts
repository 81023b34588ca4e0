import { centreOfRounds } from "../figures/round-estimate.js";
import { studentTail } from "../figures/student-t.js";
import { type Centre, halfWidth } from "../figures/trimmed-mean.js";

/** The logarithm of a ratio, now by before: of two that took turns in the same rounds, or of two sittings. */
export type LogRatio = Centre;

/**
 * One round in so many is trimmed at each end: more than in a report's figures. On a busy host one round in four is disturbed, and a
 * strict level asks for a narrow bound. Of normal rounds it makes the bound a little wider.
 */
const ROUNDS_BY_TRIMMED = 5;

/** Fewer rounds have none to spare: the bound would be much wider. */
const LEAST_TRIMMED = 10;

/** The ratio of two that took turns in the same rounds. Null of fewer than two: their spread is not known. */
export function withinRounds(ratios: readonly number[]): LogRatio | null {
  return centreOfRounds(ratios, ratios.length < LEAST_TRIMMED ? 0 : Math.floor(ratios.length / ROUNDS_BY_TRIMMED));
}

/**
 * Now's ratios by those of an earlier sitting: Yuen's test (Biometrika 61, 1974), which is Welch's for trimmed means. Its degrees of
 * freedom are rounded down. Null where one of the two has too few ratios for a spread.
 */
export function acrossSittings(earlier: readonly number[], now: readonly number[]): LogRatio | null {
  const [before, after] = [withinRounds(earlier), withinRounds(now)];
  if (before === null || after === null) return null;
  const [a, b] = [before.error ** 2, after.error ** 2];
  const degrees = Math.floor((a + b) ** 2 / (a ** 2 / before.degrees + b ** 2 / after.degrees));
  return {
    centre: after.centre - before.centre,
    error: Math.sqrt(a + b),
    // Without any spread there is nothing to weigh.
    degrees: Number.isFinite(degrees) ? degrees : Math.min(before.degrees, after.degrees),
  };
}

/** The ratio that the true one exceeds with the given probability. */
export function upperBound(ratio: LogRatio, error: number): number {
  return Math.exp(ratio.centre + halfWidth(ratio, 1 - 2 * error));
}

/** The ratio that the true one falls below with the given probability. */
export function lowerBound(ratio: LogRatio, error: number): number {
  return Math.exp(ratio.centre - halfWidth(ratio, 1 - 2 * error));
}

/** The two-sided interval that holds the true ratio with 95 percent. */
export function interval95(ratio: LogRatio): { readonly low: number; readonly high: number } {
  return { low: lowerBound(ratio, 0.025), high: upperBound(ratio, 0.025) };
}

/** One-sided: the probability of a ratio so far above 1 where the true one is 1. */
export function slowerP({ centre, error, degrees }: LogRatio): number {
  if (error === 0) return centre > 0 ? 0 : centre < 0 ? 1 : 0.5;
  return studentTail(centre / error, degrees);
}

/** The same of the inverse ratio: before by now. */
export function inverted(ratio: LogRatio): LogRatio {
  return { ...ratio, centre: -ratio.centre };
}
