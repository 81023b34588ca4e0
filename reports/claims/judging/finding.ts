import type { Estimate } from "../../figures/statistics.js";

/** The verdict on a claim. */
export type ClaimVerdict = "holds" | "does not hold" | "can't be tested here";

/** This host's answer to a claim. */
export interface Finding {
  readonly verdict: ClaimVerdict;
  readonly value: number | null;
  readonly unit: string;
  /** In the unit of the value; null where there is none, as of a single trial. */
  readonly interval: readonly [low: number, high: number] | null;
  /** The figures behind the verdict, or the reason why there are none. */
  readonly why: string;
}

/** A claim that this host can't judge. @param reason follows "because" */
export function untested(reason: string): Finding {
  return { verdict: "can't be tested here", value: null, unit: "", interval: null, why: `because ${reason}` };
}

export function judged(holds: boolean, measured: Omit<Finding, "verdict">): Finding {
  return { verdict: holds ? "holds" : "does not hold", ...measured };
}

/** Figures that were measured and don't decide the claim. @param reason follows "because" */
export function undecided(reason: string, { why, ...measured }: Omit<Finding, "verdict">): Finding {
  return { verdict: "can't be tested here", ...measured, why: `because ${reason}; ${why}` };
}

/** An interval as a finding has it. @param scale from the estimate's unit to the finding's */
export function intervalOf({ interval: { low, high } }: Estimate, scale = 1): readonly [number, number] {
  return [low * scale, high * scale];
}
