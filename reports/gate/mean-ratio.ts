import { mean, sampleStandardDeviation } from "simple-statistics";

import { upperQuantile, upperTail } from "./student.js";

/** The geometric mean of some ratios, with the precision that its bounds follow from. */
export interface MeanRatio {
  /** The natural logarithm of the mean. */
  readonly log: number;
  /** The standard error of that logarithm. */
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/** One round in so many is trimmed at each end, as in the figures of a report. */
const ROUNDS_BY_TRIMMED = 8;

/**
 * The trimmed mean of ratios of two that took turns in the same rounds (Tukey and McLaughlin, Sankhya A 25, 1963). Null of fewer
 * than two: their spread is not known.
 */
export function pairedMean(ratios: readonly number[]): MeanRatio | null {
  const n = ratios.length;
  if (n < 2) return null;
  const logs = ratios.map(Math.log).sort((a, b) => a - b);
  const trimmed = Math.floor(n / ROUNDS_BY_TRIMMED);
  const [lowest, highest] = [logs[trimmed]!, logs[n - 1 - trimmed]!];
  const deviation = sampleStandardDeviation(logs.map((log) => Math.min(highest, Math.max(lowest, log))));
  const left = n - 2 * trimmed;
  return {
    log: mean(logs.slice(trimmed, n - trimmed)),
    standardError: deviation * Math.sqrt((n - 1) / (left * (left - 1))),
    degreesOfFreedom: left - 1,
  };
}

/**
 * The mean of now's ratios by that of earlier ones, of another sitting: Yuen's test (Biometrika 61, 1974), which is Welch's for
 * trimmed means. Degrees of freedom are rounded down. Null where one of the two has fewer than two ratios.
 */
export function unpairedMean(earlier: readonly number[], now: readonly number[]): MeanRatio | null {
  const [before, after] = [pairedMean(earlier), pairedMean(now)];
  if (before === null || after === null) return null;
  const [a, b] = [before.standardError ** 2, after.standardError ** 2];
  const effective = (a + b) ** 2 / (a ** 2 / before.degreesOfFreedom + b ** 2 / after.degreesOfFreedom);
  const least = Math.min(before.degreesOfFreedom, after.degreesOfFreedom);
  return {
    log: after.log - before.log,
    standardError: Math.sqrt(a + b),
    // Without any spread there is nothing to weigh.
    degreesOfFreedom: Number.isFinite(effective) ? Math.floor(effective) : least,
  };
}

/** The ratio that the true one exceeds with the given probability at most. */
export function upperBound({ log, standardError, degreesOfFreedom }: MeanRatio, error: number): number {
  return Math.exp(log + upperQuantile(error, degreesOfFreedom) * standardError);
}

/** The ratio that the true one falls below with the given probability at most. */
export function lowerBound({ log, ...rest }: MeanRatio, error: number): number {
  return 1 / upperBound({ log: -log, ...rest }, error);
}

/** The two-sided interval that holds the true ratio with 95 percent. */
export function interval95(mean: MeanRatio): { readonly low: number; readonly high: number } {
  return { low: lowerBound(mean, 0.025), high: upperBound(mean, 0.025) };
}

/** One-sided: the probability of a mean so far above 1 where the true ratio is 1. */
export function slowerP({ log, standardError, degreesOfFreedom }: MeanRatio): number {
  if (standardError === 0) return log > 0 ? 0 : log < 0 ? 1 : 0.5;
  return upperTail(log / standardError, degreesOfFreedom);
}
