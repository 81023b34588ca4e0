import type { Decision } from "../../reports/gate/index.js";
import type { Outcome } from "./play.js";

/** The verdicts of some decisions. */
export interface Tally {
  readonly decisions: number;
  readonly regressions: number;
  readonly untold: number;
  /** The median time to a decision. */
  readonly medianSeconds: number;
}

const count = (outcomes: readonly Outcome[], verdict: Decision["verdict"]) =>
  outcomes.filter(({ decision }) => decision.verdict === verdict).length;

/** @param outcomes at least one */
export function tallyOf(outcomes: readonly Outcome[]): Tally {
  const seconds = outcomes.map((outcome) => outcome.seconds).sort((a, b) => a - b);
  return {
    decisions: outcomes.length,
    regressions: count(outcomes, "regression"),
    untold: count(outcomes, "can't tell"),
    medianSeconds: seconds[Math.floor(seconds.length / 2)]!,
  };
}

/** The intervals of the times in some decisions on a daemon and itself, and those of them that hold 1. */
export function coverageOf(outcomes: readonly Outcome[]): { readonly intervals: number; readonly holding: number } {
  const intervals = outcomes.flatMap(({ decision }) =>
    decision.rows.flatMap(({ metric, interval }) => (metric.kind === "time" && interval !== null ? [interval] : [])),
  );
  return { intervals: intervals.length, holding: intervals.filter(({ low, high }) => low <= 1 && high >= 1).length };
}
