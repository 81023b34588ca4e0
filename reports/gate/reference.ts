import type { BaselineEntry, Run } from "../../results/index.js";

import { type Decision, type DecisionRules, decide } from "./decision.js";
import { blocksPlanned } from "./planning.js";
import { timeRatios } from "./time-ratios.js";
import { comparedWithBase, type HeadPair } from "./with-base.js";
import { comparedWithBaseline, type Use } from "./with-baseline.js";

/** The figures that a run is compared with: those of a baseline, or of base in the same run. */
export type Reference =
  | { readonly kind: "baseline"; readonly entry: BaselineEntry; readonly use: Use }
  | { readonly kind: "head"; readonly pairs: readonly HeadPair[] };

/** @param freshFrom the first block that was measured after something had looked worse; null where none was */
export function judge(run: Run, reference: Reference, rules: DecisionRules, freshFrom: number | null): Decision {
  if (reference.kind === "head") return decide(comparedWithBase(run, reference.pairs, freshFrom), rules);
  const use = rules.kinds.has("times") ? reference.use : "counts";
  return decide(comparedWithBaseline(run, reference.entry, use, freshFrom), rules);
}

/** The decision on a run that a baseline is made of: nothing is judged, and blocks are planned by its noise. */
export function judgeNothing(run: Run, { kinds, leastRatio }: DecisionRules): Decision {
  const plannedBlocks = kinds.has("times") ? blocksPlanned(timeRatios(run), leastRatio) : null;
  return { rows: [], verdict: "can't tell", notes: [], plannedBlocks };
}
