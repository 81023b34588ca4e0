import {
  baselineSides,
  chooseEntry,
  type Decision,
  type DecisionRules,
  decide,
  type HeadPair,
  headSides,
  type Use,
} from "../reports/gate/index.js";
import type { BaselineEntry, Host, Run } from "../results/index.js";

import { type GateWords, headPairs } from "./gate-options.js";

/** What a run is compared with. */
export type Reference =
  | { readonly kind: "baseline"; readonly entry: BaselineEntry; readonly use: Use }
  | { readonly kind: "head"; readonly pairs: readonly HeadPair[] };

/** @throws {FusemeterError} where the baseline holds nothing for this host */
export function againstBaseline(
  entries: readonly BaselineEntry[],
  host: Host,
  path: string,
): Extract<Reference, { readonly kind: "baseline" }> {
  return { kind: "baseline", ...chooseEntry(entries, host, path) };
}

export function againstHead(words: GateWords): Reference {
  return { kind: "head", pairs: headPairs(words) };
}

/** @param freshFrom the first block that was measured after something had looked worse; null where none was */
export function judge(run: Run, reference: Reference, rules: DecisionRules, freshFrom: number | null): Decision {
  const hasTimes = rules.measures.has("times");
  const sides =
    reference.kind === "baseline"
      ? baselineSides(run, reference.entry, hasTimes ? reference.use : "counts", freshFrom)
      : headSides(run, reference.pairs, freshFrom);
  return decide(sides, rules);
}
