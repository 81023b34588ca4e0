import { median } from "simple-statistics";
import type { Judgement } from "./judgement.js";
import { isRequests } from "./measures.js";

/** Counted runs that must agree before more is called a regression. */
const AGREEING = 2;

/** How far a count per I/O may lie from its baseline: the larger of the two. */
interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/**
 * The tolerance of each count. System calls and requests follow from the load alone. Whether two threads that wake each other
 * sleep in between does not: one that was preempted by whom it woke finds the next request there, and does not wait. So one wait a
 * request may be none at another time, and never two.
 */
function toleranceOf(measure: string): Tolerance {
  if (measure.endsWith("voluntary switches")) return { absolute: 0.75, relative: 0.1 };
  if (measure === "descriptors left by an open") return { absolute: 0.05, relative: 0 };
  if (isRequests(measure)) return { absolute: 0.005, relative: 0.02 };
  return { absolute: 0.02, relative: 0.02 };
}

/** The tolerance at a count, in its own unit. */
export function allowance(measure: string, before: number): number {
  const { absolute, relative } = toleranceOf(measure);
  return Math.max(absolute, relative * before);
}

/**
 * Compares counts per I/O. They repeat from run to run, so there is no test: they lie within the tolerance or they don't. More
 * than that in one run alone is a suspicion; in two or more, all of them, it is a regression.
 *
 * @param before at least one
 */
export function judgeCount(measure: string, before: readonly number[], now: readonly number[]): Judgement {
  if (now.length === 0) return { verdict: "unknown", reason: "not counted in this run" };
  const middle = median([...before]);
  const allowed = allowance(measure, middle);
  const more = now.filter((value) => value > middle + allowed).length;
  const fewer = now.filter((value) => value < middle - allowed).length;
  if (more === now.length) return { verdict: now.length < AGREEING ? "suspect" : "worse", reason: null };
  if (fewer === now.length) return { verdict: "better", reason: null };
  const nowMiddle = median([...now]);
  if (Math.abs(nowMiddle - middle) <= allowed) return { verdict: "same", reason: null };
  return {
    verdict: nowMiddle > middle ? "suspect" : "unknown",
    reason: `does not repeat: ${more + fewer} of ${now.length} counted runs are outside of the tolerance`,
  };
}
