import type { Evidence } from "../../../results/index.js";
import { formatPercent } from "../../figures/formats.js";
import { type PaperClass, paperClass } from "../../figures/paper-class.js";
import { published } from "../../figures/published.js";
import { type Estimate, isUndecided, noiseFloor } from "../../figures/statistics.js";
import { type ReadName, throughputRatio } from "../judging/cells.js";
import type { Claim } from "../judging/claim.js";
import { judged, untested } from "../judging/finding.js";

/** One workload: our class, null where the ratio can't be told from 1, beside the paper's classes. */
interface Compared {
  readonly workload: string;
  readonly ratio: Estimate;
  readonly ours: PaperClass | null;
  readonly theirs: readonly { readonly medium: string; readonly paperClass: PaperClass }[];
}

function compared(evidence: Evidence, pattern: ReadName["pattern"]): Compared[] {
  // The paper's authors dropped the caches before each run.
  const at = (backend: ReadName["backend"]) => ({ backend, pattern, cache: "cold" }) as const;
  const ratio = throughputRatio(evidence, at("fuse"), at("native"));
  const again = throughputRatio(evidence, at({ role: "reference again" }), at("native"));
  const workload = `${pattern}-rd-1th-1f`;
  const theirs = published(workload, 4096)
    .filter(({ config }) => config === "stackfs-opt")
    .map(({ medium, relativeThroughput }) => ({ medium, paperClass: paperClass(relativeThroughput) }));
  if (ratio === null || theirs.length === 0) return [];
  const isUnknown = ratio.n === 1 || isUndecided(ratio, again === null ? 1 : noiseFloor(again));
  return [{ workload, ratio, ours: isUnknown ? null : paperClass(ratio.median), theirs }];
}

function textOf({ workload, ratio, ours, theirs }: Compared): string {
  const here = `${ours ?? "can't be told from native"} (${formatPercent(ratio.median)} % of native)`;
  const there = theirs.map(({ medium, paperClass }) => `${medium} ${paperClass}`).join(", ");
  return `${workload} 4 KiB cold here ${here}, there ${there}`;
}

/** Our classes beside the paper's. A workload that can't be told from native has none, and leaves the claim untested. */
export const paperClasses = {
  id: "paper-classes",
  says: "the class of each seq-rd and rnd-rd workload against native",
  source: "Vangoor, Tarasov, Zadok, To FUSE or Not to FUSE (FAST 2017)",
  predicted: "the paper's class",
  studies: ["cold"],
  judge(evidence) {
    const lines = (["rnd", "seq"] as const).flatMap((pattern) => compared(evidence, pattern));
    if (lines.length === 0) return untested("no cold workload of the paper's was measured");
    const texts = lines.map(textOf);
    const told = lines.filter(({ ours }) => ours !== null);
    const agreeing = told.filter(({ ours, theirs }) => theirs.some(({ paperClass }) => paperClass === ours));
    // One class that differs is enough against the claim; one that is not known keeps it from holding.
    if (told.length < lines.length && agreeing.length === told.length) {
      return untested(`not every class can be told: ${texts.join("; ")}`);
    }
    return judged(agreeing.length === lines.length, {
      value: agreeing.length,
      unit: `of ${lines.length} classes agree`,
      interval: null,
      why: `compared with the paper's optimized daemon on either medium: ${texts.join("; ")}`,
    });
  },
} as const satisfies Claim;
