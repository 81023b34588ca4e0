import type { Evidence } from "../../results/index.js";
import { type ClaimId, claims } from "./claims.js";
import type { Claim } from "./judging/claim.js";
import type { ClaimVerdict, Finding } from "./judging/finding.js";

/** One row of the claims report, as `claims.json` has it. */
export interface ClaimRow {
  readonly id: string;
  readonly claim: string;
  readonly source: string;
  readonly predicted: string;
  readonly measured: Pick<Finding, "value" | "unit" | "interval">;
  readonly verdict: ClaimVerdict;
  readonly why: string;
  /** Repeats this one row. */
  readonly command: string;
}

/**
 * The claims of some ids, each judged by the evidence, in the order of the list.
 *
 * @param options of the command that was used, each after a space: a row's own command repeats them
 */
export function claimsReport(evidence: Evidence, ids: readonly ClaimId[], options: string): ClaimRow[] {
  return claims.filter(({ id }) => ids.includes(id)).map((claim) => rowOf(claim, evidence, options));
}

function rowOf({ id, says, source, predicted, judge }: Claim, evidence: Evidence, options: string): ClaimRow {
  const { value, unit, interval, verdict, why } = judge(evidence);
  const command = `fusemeter claims --only ${id}${options}`;
  return { id, claim: says, source, predicted, measured: { value, unit, interval }, verdict, why, command };
}
