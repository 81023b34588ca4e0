import { formatBytes, formatPercent } from "../../figures/formats.js";
import { throughputRatio } from "../judging/cells.js";
import type { Claim } from "../judging/claim.js";
import { intervalOf, judged, untested } from "../judging/finding.js";

const large = { pattern: "seq", cache: "cold", ioSizeBytes: 2 ** 20 } as const;
const native = { backend: "native", ...large } as const;

/** FUSE against native: cold sequential reads of 1 MiB. */
export const sequentialNeedsLeast = {
  id: "sequential-needs-least",
  says: "for large sequential I/O the hardware hides the extra system calls",
  source: "Amir Goldstein, review of passthrough V8 (linux-fsdevel, 2020-09-18)",
  predicted: "FUSE within 5 % of native, cold, 1 MiB reads",
  studies: ["large"],
  judge(evidence) {
    const ratio = throughputRatio(evidence, { backend: "fuse", ...large }, native);
    if (ratio === null) return untested("no large cold reads were measured");
    const noise = throughputRatio(evidence, { backend: { role: "reference again" }, ...large }, native);
    if (noise !== null && Math.abs(Math.log(noise.median)) > Math.log(1 / 0.95)) {
      return untested(
        `native differs from itself by more than 5 % here (${formatPercent(noise.median)} %); FUSE gave ${formatPercent(ratio.median)} % of native`,
      );
    }
    const beside = noise === null ? "" : `; native by itself: ${formatPercent(noise.median)} %`;
    const { low, high } = ratio.interval;
    if (low < 0.95 && high >= 0.95) {
      const interval = `[${formatPercent(low)}, ${formatPercent(high)}]`;
      return untested(`FUSE gave ${formatPercent(ratio.median)} ${interval} % of native: 95 % lies inside the interval${beside}`);
    }
    return judged(low >= 0.95, {
      value: ratio.median * 100,
      unit: "% of native",
      interval: intervalOf(ratio, 100),
      why: `${formatBytes(large.ioSizeBytes)} sequential reads, cold${beside}`,
    });
  },
} as const satisfies Claim;
