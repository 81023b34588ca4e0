import { formatFactor } from "../../figures/formats.js";
import { estimate } from "../../figures/statistics.js";
import { ratioOf, reads } from "../judging/cells.js";
import type { Claim } from "../judging/claim.js";
import { judged, undecided, untested } from "../judging/finding.js";
import { INCFS } from "../judging/sources.js";

/** CPU time of a read by native's, application and daemon together: both patterns, cold and warm. */
export const cpuAlways = {
  id: "cpu-always",
  says: "FUSE always burns extra power: the CPU stays longer in non-idle state, for context switches and mode transitions",
  source: INCFS,
  predicted: "more CPU time than native for every kind of read",
  studies: ["warm", "cold"],
  judge(evidence) {
    const ratios = reads.flatMap(({ pattern, cache }) => {
      const [fuse, native] = [{ backend: "fuse", pattern, cache } as const, { backend: "native", pattern, cache } as const];
      const ratio = ratioOf(evidence, fuse, native, "cpuNsPerOperation");
      return ratio === null ? [] : [{ name: `${cache} ${pattern}-rd`, ...ratio }];
    });
    const middle = estimate(ratios.map(({ median }) => median));
    if (middle === null) return untested("the CPU time of reads is not known: see fusemeter doctor");
    const text = ({ low, high }: { low: number; high: number }) => `[${formatFactor(low)}, ${formatFactor(high)}]`;
    const texts = ratios.map(({ name, median, interval }) => `${name} ${formatFactor(median)} ${text(interval)}`);
    const measured = {
      value: middle.median,
      unit: "times native's CPU time",
      interval: [
        Math.min(...ratios.map(({ interval }) => interval.low)),
        Math.max(...ratios.map(({ interval }) => interval.high)),
      ],
      why: `4 KiB reads, CPU time of application and daemon by native's in the same turns or block: ${texts.join("; ")}`,
    } as const;
    // "Always": one kind of read that takes less is enough against it, and one that can't be told keeps it from holding.
    if (ratios.some(({ interval }) => interval.high < 1)) return judged(false, measured);
    if (ratios.length < reads.length) return undecided("the CPU time of some reads is not known", measured);
    const isMore = ratios.every(({ interval }) => interval.low > 1);
    return isMore ? judged(true, measured) : undecided("the blocks differ too much", measured);
  },
} as const satisfies Claim;
