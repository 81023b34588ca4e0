import { formatPercent } from "../../figures/formats.js";
import { estimate } from "../../figures/statistics.js";
import { reads, throughputRatio } from "../judging/cells.js";
import type { Claim } from "../judging/claim.js";
import { judged, undecided, untested } from "../judging/finding.js";
import { HORN, INCFS } from "../judging/sources.js";

/** Throughput lost against native, for both patterns, cold and warm. */
export const overhead = {
  id: "overhead",
  says: "FUSE costs 20 to 80 percent in the target scenarios",
  source: `${INCFS}; doubted by ${HORN}`,
  predicted: "20 to 80 % of native's throughput lost",
  studies: ["warm", "cold"],
  judge(evidence) {
    const losses = reads.flatMap(({ pattern, cache }) => {
      const ratio = throughputRatio(evidence, { backend: "fuse", pattern, cache }, { backend: "native", pattern, cache });
      if (ratio === null) return [];
      const { low, high } = ratio.interval;
      return [{ name: `${cache} ${pattern}-rd`, loss: 1 - ratio.median, low: 1 - high, high: 1 - low }];
    });
    const middle = estimate(losses.map(({ loss }) => loss));
    if (middle === null) return untested("nothing was measured beside native");
    const inside = losses.filter(({ low, high }) => low >= 0.2 && high <= 0.8);
    const outside = losses.filter(({ low, high }) => low > 0.8 || high < 0.2);
    const texts = losses.map(
      ({ name, loss, low, high }) => `${name} ${formatPercent(loss)} % [${formatPercent(low)}, ${formatPercent(high)}]`,
    );
    const measured = {
      value: middle.median * 100,
      unit: "% of throughput lost",
      interval: [Math.min(...losses.map(({ low }) => low)) * 100, Math.max(...losses.map(({ high }) => high)) * 100],
      why: `4 KiB reads: ${texts.join("; ")}; intervals within 20 to 80 %: ${inside.length} of ${losses.length}; intervals outside: ${outside.length}`,
    } as const;
    const isDecided = inside.length === losses.length || outside.length > 0;
    return isDecided ? judged(inside.length === losses.length, measured) : undecided("the blocks differ too much", measured);
  },
} as const satisfies Claim;
