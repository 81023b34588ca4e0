import { median } from "simple-statistics";
import type { ComparedCount } from "./compared.js";
import type { Judgement } from "./judgement.js";

/** Counted runs that must agree before more is called a regression. */
const AGREEING = 2;

/** The tolerance at a count, in its own unit. */
export function allowance({ tolerance: { absolute, relative } }: ComparedCount["metric"], before: number): number {
  return Math.max(absolute, relative * before);
}

/**
 * Compares counts. They repeat from run to run, so there is no test: they lie within the tolerance or they don't. More than the
 * tolerance in the only run is a suspicion; in all of two or more runs it is a regression.
 */
export function judgeCount({ metric, before, now }: Pick<ComparedCount, "metric" | "before" | "now">): Judgement {
  if (now.length === 0) return { verdict: "unknown", reason: "not counted in this run" };
  const middle = median([...before]);
  const allowed = allowance(metric, middle);
  const more = now.filter((value) => value > middle + allowed).length;
  const fewer = now.filter((value) => value < middle - allowed).length;
  if (more === now.length) return { verdict: now.length < AGREEING ? "suspect" : "worse", reason: null };
  if (fewer === now.length) return { verdict: "better", reason: null };
  const nowMiddle = median([...now]);
  if (Math.abs(nowMiddle - middle) <= allowed) return { verdict: "same", reason: null };
  return {
    // Stryker disable next-line EqualityOperator: the two differ by more than the tolerance
    verdict: nowMiddle > middle ? "suspect" : "unknown",
    reason: `does not repeat: ${more + fewer} of ${now.length} counted runs are outside of the tolerance`,
  };
}
