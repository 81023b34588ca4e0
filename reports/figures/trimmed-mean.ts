import { mean, sampleStandardDeviation } from "simple-statistics";
import { studentFactor } from "./student-t.js";

/** The middle of some values. Its distance from the true one, by `error`, has Student's distribution. */
export interface Centre {
  readonly centre: number;
  /** The standard error of the centre. */
  readonly error: number;
  readonly degrees: number;
}

/**
 * The mean of some values without the `trimmed` lowest and highest of them: Tukey and McLaughlin, Sankhya A 25 (1963). The
 * deviation is that of all values, each trimmed one moved to the nearest that is left. With `trimmed` 0 it is Student's.
 *
 * @param values at least two more than are trimmed
 */
export function trimmedMean(values: readonly number[], trimmed: number): Centre {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const [lowest, highest] = [sorted[trimmed]!, sorted[n - 1 - trimmed]!];
  const deviation = sampleStandardDeviation(sorted.map((value) => Math.min(highest, Math.max(lowest, value))));
  const left = n - 2 * trimmed;
  return {
    centre: mean(sorted.slice(trimmed, n - trimmed)),
    error: deviation * Math.sqrt((n - 1) / (left * (left - 1))),
    degrees: left - 1,
  };
}

/**
 * The distance from a centre to either end of its interval.
 *
 * @param confidence in (0, 1)
 */
export function halfWidth({ error, degrees }: Centre, confidence: number): number {
  return studentFactor(confidence, degrees) * error;
}
