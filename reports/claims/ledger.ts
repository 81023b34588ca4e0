import type { Evidence } from "../../results/index.js";

import { type Claim, type ClaimId, claims } from "./claims.js";
import { fullCostForever, openDecides, switches, transitions } from "./judge-crossings.js";
import { amplification, daemonReadahead, readaheadOff } from "./judge-readahead.js";
import { latencyShare, overhead, paperClasses, power, randomGainsMost, sequentialNeedsLeast } from "./judge-speed.js";
import { metadata, mixedIo, onlyWhileLoading, perInode, stacking, tenth, timeout } from "./judge-trials.js";
import type { Judgement } from "./judgement.js";

const judges: Readonly<Record<ClaimId, (evidence: Evidence) => Judgement>> = {
  transitions,
  switches,
  overhead,
  amplification,
  "latency-share": latencyShare,
  power,
  "daemon-readahead": daemonReadahead,
  "only-while-loading": onlyWhileLoading,
  timeout,
  "open-decides": openDecides,
  "random-gains-most": randomGainsMost,
  "sequential-needs-least": sequentialNeedsLeast,
  stacking,
  "mixed-io": mixedIo,
  "per-inode": perInode,
  tenth,
  "full-cost-forever": fullCostForever,
  metadata,
  "paper-classes": paperClasses,
  "readahead-off": readaheadOff,
};

/** One row of the ledger, as `--json` prints it. */
export interface LedgerRow extends Omit<Claim, "needs"> {
  readonly measured: Pick<Judgement, "value" | "unit" | "interval">;
  readonly verdict: Judgement["verdict"];
  readonly why: string;
  /** Repeats this one row. */
  readonly command: string;
}

/** The claims that were asked for, each with what this host measured. @param words that repeat how it was asked for */
export function ledger(evidence: Evidence, ids: readonly ClaimId[], words: string): LedgerRow[] {
  return claims
    .filter(({ id }) => ids.includes(id))
    .map(({ needs: _, ...claim }) => {
      const { value, unit, interval, verdict, why } = judges[claim.id](evidence);
      return {
        ...claim,
        measured: { value, unit, interval },
        verdict,
        why,
        command: `fusemeter claims --only ${claim.id}${words}`,
      };
    });
}
