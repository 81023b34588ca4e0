import type { Evidence } from "../../results/index.js";

import { formatMeasured, formatPercent } from "../figures/formats.js";
import { priceOf } from "../prices/price-list.js";
import { cellOf, countsPerIo, priceOfCell, throughputRatio } from "./cells.js";
import { intervalOf, type Judgement, judged, untested } from "./judgement.js";

const found = { backend: "fuse", pattern: "seq", cache: "warm" } as const;
const off = { ...found, mountKiB: 0 } as const;
const pushed = { ...found, backend: "daemon-readahead" } as const;

const requestsPerIo = (evidence: Evidence, name: Parameters<typeof cellOf>[1]) => {
  const cell = cellOf(evidence, name);
  return cell === null ? null : countsPerIo(cell, ({ requests }) => (requests === null ? null : (requests.READ ?? 0)));
};

const NO_REQUESTS = "requests can't be counted: see fusemeter doctor";

/** READ requests with the window off, by those with 128 KiB. */
export function amplification(evidence: Evidence): Judgement {
  const [without, with128] = [requestsPerIo(evidence, off), requestsPerIo(evidence, found)];
  if (without === null || with128 === null) return untested(NO_REQUESTS);
  const window = cellOf(evidence, found)?.readaheadKiB;
  if (window !== 128) return untested(`the mount's window is ${window ?? "not known"} KiB, not 128`);
  const ratio = without.median / with128.median;
  const range = [without.interval.low / with128.interval.high, without.interval.high / with128.interval.low] as const;
  return judged(
    Math.abs(ratio / 32 - 1) < 0.01,
    ratio,
    "times the requests",
    range,
    `READ requests for each 4 KiB read, warm, sequential: ${without.median.toFixed(4)} with the window off, ${with128.median.toFixed(5)} with 128 KiB; it holds within 1 % of 32`,
  );
}

/** Readahead by the daemon against none, and against the kernel's. */
export function daemonReadahead(evidence: Evidence): Judgement {
  const [none, own, kernel] = [requestsPerIo(evidence, off), requestsPerIo(evidence, pushed), requestsPerIo(evidence, found)];
  if (none === null || own === null || kernel === null) return untested(NO_REQUESTS);
  const faster = throughputRatio(evidence, pushed, off);
  if (faster === null) return untested("the daemon's readahead was not measured beside none");
  const slower = throughputRatio(evidence, pushed, found);
  const won = (none.median - own.median) / (none.median - kernel.median);
  const why = `4 KiB sequential reads, warm: ${formatPercent(won)} % of the requests that the kernel's 128 KiB saves are saved; throughput by none ${formatMeasured(faster.median)} times, by the kernel's ${slower === null ? "n/a" : `${formatPercent(slower.median)} %`}`;
  return judged(
    own.interval.high < none.interval.low && faster.interval.low > 1,
    faster.median,
    "times none's throughput",
    intervalOf(faster),
    why,
  );
}

/** What the window's being off costs. */
export function readaheadOff(evidence: Evidence): Judgement {
  const ratio = throughputRatio(evidence, off, found);
  const [rowOff, rowFound] = [priceOfCell(evidence, off), priceOfCell(evidence, found)];
  if (ratio === null || rowOff === null || rowFound === null) return untested("the window was not measured off and as found");
  const price = priceOf(rowOff, rowFound, { usdPerCoreHour: null, wattsPerCore: null });
  const figure = (value: number | null | undefined) => (value == null ? "n/a" : formatMeasured(value));
  const why = `a GiB of 4 KiB sequential reads, warm, costs ${figure(price.requests)} requests, ${figure(price.crossings)} crossings, ${figure(price.cpuSeconds?.median)} CPU s and ${figure(price.wallSeconds?.median)} s more; called terrible where more than half of the throughput is lost`;
  return judged(
    ratio.interval.high < 0.5,
    (1 - ratio.median) * 100,
    "% of throughput lost",
    [(1 - ratio.interval.high) * 100, (1 - ratio.interval.low) * 100],
    why,
  );
}
