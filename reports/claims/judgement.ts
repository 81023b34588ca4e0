import type { Estimate } from "../figures/statistics.js";

export type Verdict = "holds" | "does not hold" | "can't be tested here";

/** What this host says to a claim. */
export interface Judgement {
  readonly value: number | null;
  readonly unit: string;
  readonly interval: readonly [low: number, high: number] | null;
  readonly verdict: Verdict;
  /** The figures behind it, or why there are none. */
  readonly why: string;
}

export function untested(why: string): Judgement {
  return { value: null, unit: "", interval: null, verdict: "can't be tested here", why: `because ${why}` };
}

export function judged(
  holds: boolean,
  value: number,
  unit: string,
  interval: readonly [number, number] | null,
  why: string,
): Judgement {
  return { value, unit, interval, verdict: holds ? "holds" : "does not hold", why };
}

export function intervalOf({ interval: { low, high } }: Estimate): readonly [number, number] {
  return [low, high];
}
