import { formatMeasured, formatPercent } from "../../figures/formats.js";
import { readRequests, sequentialFuse, throughputRatio, windowOff } from "../judging/cells.js";
import type { Claim } from "../judging/claim.js";
import { intervalOf, judged, untested } from "../judging/finding.js";
import { HORN } from "../judging/sources.js";

const byDaemon = { ...sequentialFuse, backend: "daemon-readahead" } as const;

/** Readahead by the daemon against none, and against the kernel's. */
export const daemonReadahead = {
  id: "daemon-readahead",
  says: "a FUSE filesystem can do the readahead itself and push blocks into the page cache",
  source: HORN,
  predicted: "fewer requests and more throughput than with the window off",
  studies: ["window"],
  judge(evidence) {
    const [none, own, kernel] = [windowOff, byDaemon, sequentialFuse].map((name) => readRequests(evidence, name));
    if (!none || !own || !kernel) return untested("requests can't be counted: see fusemeter doctor");
    const faster = throughputRatio(evidence, byDaemon, windowOff);
    if (faster === null) return untested("the daemon's readahead was not measured beside none");
    const byKernels = throughputRatio(evidence, byDaemon, sequentialFuse);
    const saved = (none.median - own.median) / (none.median - kernel.median);
    const besideKernel = byKernels === null ? "n/a" : `${formatPercent(byKernels.median)} %`;
    return judged(own.interval.high < none.interval.low && faster.interval.low > 1, {
      value: faster.median,
      unit: "times the throughput without readahead",
      interval: intervalOf(faster),
      why: `4 KiB sequential reads, warm: the daemon's readahead saves ${formatPercent(saved)} % of the requests that the kernel's 128 KiB saves; its throughput is ${formatMeasured(faster.median)} times that without readahead, and ${besideKernel} of that with the kernel's`,
    });
  },
} as const satisfies Claim;
