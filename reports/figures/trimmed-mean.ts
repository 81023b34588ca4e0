import { mean, sampleStandardDeviation } from "simple-statistics";
import { studentFactor } from "./student-t.js";

/** The middle of some values, and the distance from it to either end of its interval. */
export interface Centre {
  readonly centre: number;
  readonly halfWidth: number;
}

/**
 * The mean of some values without the `trimmed` lowest and highest of them, with its t interval: Tukey and McLaughlin, Sankhya A 25
 * (1963). The deviation is that of all values, each trimmed one moved to the nearest that is left. With `trimmed` 0 it is Student's
 * interval of the mean.
 *
 * @param values at least two more than are trimmed
 * @param confidence in (0, 1)
 */
export function trimmedMean(values: readonly number[], trimmed: number, confidence: number): Centre {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const [lowest, highest] = [sorted[trimmed]!, sorted[n - 1 - trimmed]!];
  const deviation = sampleStandardDeviation(sorted.map((value) => Math.min(highest, Math.max(lowest, value))));
  const left = n - 2 * trimmed;
  const error = deviation * Math.sqrt((n - 1) / (left * (left - 1)));
  return { centre: mean(sorted.slice(trimmed, n - trimmed)), halfWidth: studentFactor(confidence, left - 1) * error };
}
