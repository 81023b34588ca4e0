import { formatMeasured, formatPercent } from "../../figures/formats.js";
import { latencyUs, type ReadName } from "../judging/cells.js";
import type { Claim } from "../judging/claim.js";
import { judged, untested } from "../judging/finding.js";
import { HORN } from "../judging/sources.js";

/** Media that are not at hand, by the time of their answer. */
const media = [
  { name: "an SSD that answers in 100 us", us: 100 },
  { name: "a disk that answers in 8 ms", us: 8000 },
] as const;

/** The time that FUSE adds to a read, as a share of a read from the medium. */
export const latencyShare = {
  id: "latency-share",
  says: "the overhead of the switches is hardly unmanageable next to the latency of storage",
  source: HORN,
  predicted: "less than half of the latency of a read from the medium",
  studies: ["warm", "cold"],
  judge(evidence) {
    const at = (backend: string, cache: ReadName["cache"]) => latencyUs(evidence, { backend, pattern: "rnd", cache });
    const [fuse, native, cold] = [at("fuse", "warm"), at("native", "warm"), at("native", "cold")];
    if (fuse === null || native === null || cold === null) return untested("no cold and warm random reads were measured");
    const addedUs = fuse.median - native.median;
    const share = (mediumUs: number) => addedUs / (addedUs + mediumUs);
    const low = (fuse.interval.low - native.interval.high) / (fuse.interval.low + cold.interval.high);
    const high = (fuse.interval.high - native.interval.low) / (fuse.interval.high + cold.interval.low);
    const computed = media.map(({ name, us }) => `${formatPercent(share(us))} % of a read from ${name} (computed)`);
    return judged(high < 0.5, {
      value: share(cold.median) * 100,
      unit: "% of a cold read",
      interval: [low * 100, high * 100],
      why: `FUSE adds ${formatMeasured(addedUs)} us to a 4 KiB random read: ${formatPercent(share(cold.median))} % of one from this medium (${formatMeasured(cold.median)} us), ${formatPercent(share(native.median))} % of one from the page cache, ${computed.join(", ")}`,
    });
  },
} as const satisfies Claim;
