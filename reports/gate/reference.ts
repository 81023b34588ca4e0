import { type BaselineEntry, blocksOf, type Run } from "../../results/index.js";

import { type Decision, type DecisionRules, decide } from "./decision.js";
import type { Look } from "./looks.js";
import { roundsPlanned } from "./planning.js";
import { timeRatios } from "./time-ratios.js";
import { comparedWithBase, type HeadPair } from "./with-base.js";
import { comparedWithBaseline, type Use } from "./with-baseline.js";

/** The figures that a run is compared with: those of a baseline, or of base in the same run. */
export type Reference =
  | { readonly kind: "baseline"; readonly entry: BaselineEntry; readonly use: Use }
  | { readonly kind: "head"; readonly pairs: readonly HeadPair[] };

/**
 * The decision on a run.
 *
 * @param look the errors that this look at the times may make; default: it is the only one
 */
export function judge(run: Run, reference: Reference, rules: DecisionRules, look?: Look): Decision {
  // Of a result without slices the second half of its blocks counts as measured again.
  const freshFrom = Math.ceil(blocksOf(run).blocks / 2);
  if (reference.kind === "head") return decide(comparedWithBase(run, reference.pairs, freshFrom), rules, look);
  const use = rules.kinds.has("times") ? reference.use : "counts";
  return decide(comparedWithBaseline(run, reference.entry, use, freshFrom), rules, look);
}

/** The decision on a run that a baseline is made of: nothing is judged, and rounds are planned by its noise. */
export function judgeNothing(run: Run, { kinds, leastRatio }: DecisionRules): Decision {
  const plannedRounds = kinds.has("times") ? roundsPlanned(timeRatios(run), leastRatio) : null;
  return { rows: [], verdict: "can't tell", notes: [], plannedRounds };
}
