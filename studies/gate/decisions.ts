import { judge, type Plan } from "../../reports/gate/index.js";
import type { Placement, Run } from "../../results/index.js";
import { drawnRun } from "./drawn-run.js";
import { type Outcome, play } from "./play.js";
import { poolOf } from "./pool.js";
import { replayedRun } from "./replayed-run.js";
import { pair } from "./whole-run.js";

const placement: Placement = "one-core";

/** The least effect of all decisions, as a ratio: the default of `fusemeter gate`. */
const LEAST_RATIO = 1.02;

/** The plan of `fusemeter gate --base DIR --head DIR --budget MIN`. */
function planWith(budgetSeconds: number): Plan {
  const rules = { kinds: new Set(["counts", "times"] as const), leastRatio: LEAST_RATIO };
  const asHead: Plan["judge"] = (run, { kinds, look }) => judge(run, { kind: "head", pairs: [pair] }, { ...rules, kinds }, look);
  return { ...rules, backends: [pair.base, pair.head], budgetSeconds, countedRuns: 1, judge: asHead };
}

/** The decision on a saved run, as the gate would have made it with that budget. */
export function replayed(run: Run, budgetSeconds: number): Outcome {
  return play(planWith(budgetSeconds), replayedRun(run, placement, budgetSeconds));
}

/**
 * Decisions on runs drawn from the rounds of saved ones of one kind.
 *
 * @param runs at least one
 * @param hasEffect true where head has a fault: the other two serve the same daemon
 */
export function drawn(
  runs: readonly Run[],
  hasEffect: boolean,
  budgetSeconds: number,
  count: number,
  random: () => number,
): Outcome[] {
  const pool = poolOf(runs, placement);
  const same = hasEffect ? [pair.base, pair.again] : [pair.base, pair.head, pair.again];
  const plan = planWith(budgetSeconds);
  return Array.from({ length: count }, () => play(plan, drawnRun(pool, same, random)));
}
