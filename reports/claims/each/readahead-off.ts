import { formatMeasured } from "../../figures/formats.js";
import { priceOf } from "../../prices/price-list.js";
import { priceOfCell, sequentialFuse, throughputRatio, windowOff } from "../judging/cells.js";
import type { Claim } from "../judging/claim.js";
import { judged, untested } from "../judging/finding.js";

/** The throughput that is lost while the readahead window is off. */
export const readaheadOff = {
  id: "readahead-off",
  says: "with read_ahead_kb = 0 there is a terrible drop",
  source: "Alessio Balsini, passthrough V11, cover letter (linux-fsdevel, 2021-01-18)",
  predicted: "a drop; no figure is given",
  studies: ["window"],
  judge(evidence) {
    const ratio = throughputRatio(evidence, windowOff, sequentialFuse);
    const [off, found] = [priceOfCell(evidence, windowOff), priceOfCell(evidence, sequentialFuse)];
    if (ratio === null || off === null || found === null) return untested("the window was not measured off and as found");
    const price = priceOf(off, found, { usdPerCoreHour: null, wattsPerCore: null });
    const figure = (value: number | null | undefined) => (value == null ? "n/a" : formatMeasured(value));
    return judged(ratio.interval.high < 0.5, {
      value: (1 - ratio.median) * 100,
      unit: "% of throughput lost",
      interval: [(1 - ratio.interval.high) * 100, (1 - ratio.interval.low) * 100],
      why: `a GiB of 4 KiB sequential reads, warm, costs ${figure(price.requests)} requests, ${figure(price.transitions)} mode transitions, ${figure(price.cpuSeconds?.median)} CPU s and ${figure(price.wallSeconds?.median)} s more; a drop is called terrible where more than half of the throughput is lost`,
    });
  },
} as const satisfies Claim;
