import { formatMeasured } from "../../figures/formats.js";
import { throughputRatio } from "../judging/cells.js";
import type { Claim } from "../judging/claim.js";
import { intervalOf, judged, untested } from "../judging/finding.js";
import { BALSINI } from "../judging/sources.js";

/** The gain of passthrough over FUSE, random against sequential. */
export const randomGainsMost = {
  id: "random-gains-most",
  says: "random reads of big files gain most from passthrough, since readahead can't help them",
  source: BALSINI,
  predicted: "a larger gain for random than for sequential reads",
  studies: ["warm"],
  judge(evidence) {
    const [random, sequential] = (["rnd", "seq"] as const).map((pattern) => {
      const reads = { pattern, cache: "warm" } as const;
      return throughputRatio(evidence, { backend: "passthrough", ...reads }, { backend: "fuse", ...reads });
    });
    if (!random || !sequential) return untested("passthrough and FUSE were not both measured");
    const { low, high } = sequential.interval;
    return judged(random.interval.low > high, {
      value: random.median,
      unit: "times (random)",
      interval: intervalOf(random),
      why: `passthrough by FUSE, 4 KiB, warm: random ${formatMeasured(random.median)} times the throughput, sequential ${formatMeasured(sequential.median)} times [${low.toFixed(2)}, ${high.toFixed(2)}]`,
    });
  },
} as const satisfies Claim;
