import type { ComparisonRow } from "../figures/comparison.js";
import { formatCell, formatCount, formatMeasured, formatPercent } from "../figures/formats.js";
import { classText } from "../figures/paper-class.js";
import { type Figure, isMissing } from "../figures/per-operation.js";
import type { Estimate } from "../figures/statistics.js";

/** One column of a table that people read. */
export interface Column {
  readonly header: string;
  readonly align: "l" | "r";
  readonly text: (row: ComparisonRow) => string;
}

/** There is nothing to measure: native has no daemon. */
const NOTHING = "-";
/** The figure can't be had; a note under the table says why. */
const NOT_AVAILABLE = "n/a";

function middle(value: Estimate | null): string {
  return value === null ? NOT_AVAILABLE : formatMeasured(value.median);
}

/** Figures of one column, joined by a plus: system calls and page faults. */
function figures(...values: readonly Figure[]): string {
  const missing = values.find(isMissing);
  if (missing !== undefined) return missing.applies ? NOT_AVAILABLE : NOTHING;
  return (values as readonly number[]).map(formatCount).join("+");
}

/** `97.6 [95.1, 99.8]`, in percent: a ratio and the ends of its interval. */
export function intervalText({ median, interval, n }: Estimate): string {
  const range = n > 1 ? ` [${formatPercent(interval.low)}, ${formatPercent(interval.high)}]` : "";
  return `${formatPercent(median)}${range}`;
}

function relative({ isReference, relativeThroughput, isUndecided }: ComparisonRow): string {
  if (isReference) return "100";
  if (relativeThroughput === null) return NOT_AVAILABLE;
  return `${isUndecided ? "~" : ""}${intervalText(relativeThroughput)}`;
}

function paperClass(row: ComparisonRow): string {
  if (row.paperClass !== null) return classText(row);
  return row.kind === "native" || row.relativeThroughput !== null ? NOTHING : NOT_AVAILABLE;
}

/** The daemon's system calls by name. "none" is a measured figure: the calls were counted, and there were none. */
function daemonCalls({ costs: { daemonSyscalls, daemonSyscallsByName } }: ComparisonRow): string {
  if (isMissing(daemonSyscalls)) return figures(daemonSyscalls);
  if (daemonSyscallsByName === null) return NOT_AVAILABLE;
  const entries = Object.entries(daemonSyscallsByName).filter(([, perIo]) => perIo >= 0.005);
  return entries.map(([name, perIo]) => `${name} ${formatCount(perIo)}`).join(", ") || "none";
}

/** The first two columns of every table. */
export const cellColumn: Column = { header: "workload, I/O size, cache", align: "l", text: formatCell };
export const backendColumn: Column = { header: "backend", align: "l", text: ({ backend }) => backend };

/** Speed: throughput, its ratio to native, latency. */
export const speedColumns: readonly Column[] = [
  cellColumn,
  backendColumn,
  { header: "ops/s", align: "r", text: ({ operationsPerSecond }) => middle(operationsPerSecond) },
  { header: "MiB/s", align: "r", text: ({ mebibytesPerSecond }) => middle(mebibytesPerSecond) },
  { header: "% of native", align: "r", text: relative },
  { header: "class", align: "l", text: paperClass },
  { header: "mean us", align: "r", text: ({ meanLatencyUs }) => middle(meanLatencyUs) },
  { header: "p50 us", align: "r", text: ({ p50LatencyUs }) => middle(p50LatencyUs) },
  { header: "p99 us", align: "r", text: ({ p99LatencyUs }) => middle(p99LatencyUs) },
  { header: "n", align: "r", text: ({ operationsPerSecond }) => String(operationsPerSecond?.n ?? 0) },
];

/** Cost per operation: mode transitions, context switches, requests and CPU time. */
export const costColumns: readonly Column[] = [
  cellColumn,
  backendColumn,
  {
    header: "app sys+pf",
    align: "r",
    text: ({ costs }) => figures(costs.applicationSyscalls, costs.applicationPageFaults),
  },
  { header: "daemon sys+pf", align: "r", text: ({ costs }) => figures(costs.daemonSyscalls, costs.daemonPageFaults) },
  { header: "app cs", align: "r", text: ({ costs }) => figures(costs.applicationSwitches) },
  { header: "daemon cs", align: "r", text: ({ costs }) => figures(costs.daemonSwitches) },
  { header: "READs", align: "r", text: ({ costs }) => figures(costs.readRequests) },
  {
    header: "CPU us",
    align: "r",
    text: ({ costs: { cpuUs } }) => (isMissing(cpuUs) ? NOT_AVAILABLE : formatMeasured(cpuUs)),
  },
  { header: "RA KiB", align: "r", text: ({ readaheadKiB }) => String(readaheadKiB ?? NOT_AVAILABLE) },
];

/** The daemon's system calls per operation, by name. */
export const callColumns: readonly Column[] = [
  cellColumn,
  backendColumn,
  { header: "daemon's system calls per operation", align: "l", text: daemonCalls },
];
