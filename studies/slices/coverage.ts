import { estimateOfRounds } from "../../reports/figures/index.js";
import { candidates, type Ends } from "./candidates.js";
import type { Draw } from "./drawing.js";

/** Intervals of many decisions: the part that holds the truth, and the mean half-width. */
export interface Coverage {
  readonly decisions: number;
  readonly held: number;
  readonly meanHalfWidth: number;
}

/** The coverage of intervals of logarithms whose truth is 0. */
export function coverageOf(intervals: readonly Ends[]): Coverage {
  const held = intervals.filter(({ low, high }) => low <= 0 && high >= 0).length;
  const widths = intervals.reduce((sum, { low, high }) => sum + (high - low) / 2, 0);
  return { decisions: intervals.length, held: held / intervals.length, meanHalfWidth: widths / intervals.length };
}

/** The name of the interval that the reports print. */
export const OWN = "reports' own";

/** The interval of the reports, of logarithms. */
function own(logarithms: readonly number[]): Ends {
  const { low, high } = estimateOfRounds(logarithms.map(Math.exp))!.interval;
  return { low: Math.log(low), high: Math.log(high) };
}

/** The coverage of each way to an interval, with a fixed number of rounds, by name. */
export function coverageByCandidate(draws: readonly Draw[], rounds: number): Map<string, Coverage> {
  const decisions = draws.map((draw) => Array.from({ length: rounds }, () => Math.log(draw())));
  return new Map(Object.entries({ [OWN]: own, ...candidates }).map(([name, of]) => [name, coverageOf(decisions.map(of))]));
}
