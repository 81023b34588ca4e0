import { cellOf, readRequests, sequentialFuse, windowOff } from "../judging/cells.js";
import type { Claim } from "../judging/claim.js";
import { judged, untested } from "../judging/finding.js";
import { INCFS } from "../judging/sources.js";

/** READ requests with the readahead window off, by those with 128 KiB. */
export const amplification = {
  id: "amplification",
  says: "without readahead there are almost 32 times the requests (128 KiB against 4 KiB)",
  source: INCFS,
  predicted: "32",
  studies: ["window"],
  judge(evidence) {
    const [without, with128] = [readRequests(evidence, windowOff), readRequests(evidence, sequentialFuse)];
    if (without === null || with128 === null) return untested("requests can't be counted: see fusemeter doctor");
    const window = cellOf(evidence, sequentialFuse)?.readaheadKiB;
    if (window !== 128) return untested(`the mount's window is ${window ?? "not known"} KiB, not 128`);
    const ratio = without.median / with128.median;
    return judged(Math.abs(ratio / 32 - 1) < 0.01, {
      value: ratio,
      unit: "times the requests",
      interval: [without.interval.low / with128.interval.high, without.interval.high / with128.interval.low],
      why: `READ requests for each 4 KiB read, warm, sequential: ${without.median.toFixed(4)} with the window off, ${with128.median.toFixed(5)} with 128 KiB; it holds within 1 % of 32`,
    });
  },
} as const satisfies Claim;
