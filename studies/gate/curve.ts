import { median } from "simple-statistics";
import type { Run } from "../../results/index.js";
import { drawn, replayed } from "./decisions.js";
import type { Outcome } from "./play.js";
import type { Kind } from "./saved-runs.js";
import { coverageOf, type Tally, tallyOf } from "./tally.js";

/** The budgets in s at which each run is read. */
const budgets: readonly number[] = [15, 30, 60, 120];

/** One point of an operating curve. */
export interface CurvePoint extends Kind {
  /** The slowdown of a random read that the runs show: the median of their rounds, in percent. */
  readonly measuredPercent: number;
  readonly budgetSeconds: number;
  /** Whole runs, read at this budget. */
  readonly whole: Tally;
  /** Runs drawn from the rounds of these. */
  readonly drawn: Tally;
  /** The part of the intervals in the drawn runs that hold 1, where head is base; null where it is not. */
  readonly coverage: ReturnType<typeof coverageOf> | null;
}

/** The workload whose reads a fault is a percentage of. */
export const RANDOM_READS = "rnd-rd-1th-1f";

function measuredPercent(outcomes: readonly Outcome[]): number {
  const ratios = outcomes.flatMap(({ decision }) =>
    decision.rows.flatMap(({ place, metric, time }) =>
      place.startsWith(RANDOM_READS) && metric.id === "mean latency" ? (time?.ratios ?? []) : [],
    ),
  );
  return ratios.length === 0 ? Number.NaN : (median(ratios) - 1) * 100;
}

/** The points of the runs of one kind. @param runs at least one */
export function pointsOf(kind: Kind, runs: readonly Run[], decisions: number, random: () => number): CurvePoint[] {
  const hasEffect = kind.effectPercent > 0;
  return budgets.map((budgetSeconds) => {
    const whole = runs.map((run) => replayed(run, budgetSeconds));
    const outcomes = drawn(runs, hasEffect, budgetSeconds, decisions, random);
    return {
      ...kind,
      measuredPercent: measuredPercent(whole),
      budgetSeconds,
      whole: tallyOf(whole),
      drawn: tallyOf(outcomes),
      coverage: hasEffect ? null : coverageOf(outcomes),
    };
  });
}
