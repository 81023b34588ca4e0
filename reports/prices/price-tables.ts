import { formatBytes, formatCell, formatFactor, formatMeasured, formatPercent } from "../figures/formats.js";
import { placementWords } from "../figures/placed-rows.js";
import { type Estimate, estimate } from "../figures/statistics.js";
import type { ReportTable } from "../tables/report-table.js";
import type { Price, Rates, WonBack } from "./price-list.js";
import type { PriceRow } from "./price-rows.js";
import { settingLabel } from "./setting-label.js";

const whole = (value: number | null) => (value === null ? "-" : (Math.round(value) + 0).toLocaleString("en-US"));
const signed = (value: number | null) => (value === null ? "-" : `${value > 0 ? "+" : ""}${whole(value)}`);
const seconds = (value: number) => (Math.abs(value) < 0.0005 ? "0" : formatMeasured(value));
const middle = (value: Estimate | null) => (value === null ? "n/a" : formatMeasured(value.median));
const share = (value: number | null) => (value === null ? "-" : formatPercent(value));

function range(value: Estimate | null): string {
  if (value === null) return "n/a";
  const { median, interval, n } = value;
  const plus = median > 0 ? "+" : "";
  return `${plus}${seconds(median)}${n > 1 ? ` [${seconds(interval.low)}, ${seconds(interval.high)}]` : ""}`;
}

function table(
  title: string,
  header: readonly string[],
  left: number,
  rows: readonly string[][],
  notes: readonly string[],
): ReportTable {
  return { title, grid: [header, ...rows], align: header.map((_, column) => (column < left ? "l" : "r")), notes };
}

/** The placement of the times that slices tell; nothing where fio's samples tell all. */
function placedNote(prices: readonly Price[]): string {
  const placed = [...new Set(prices.flatMap(({ row }) => row.placement ?? []))];
  const words = placed.map((placement) => placementWords[placement]).join("; ");
  return placed.length === 0 ? "" : ` Times by slices: ${words}.`;
}

/** The price list. */
export function priceListTable(prices: readonly Price[], { usdPerCoreHour, wattsPerCore }: Rates): ReportTable {
  const header = ["reads", "backend", "off", "READs", "transitions", "switches", "CPU s", "wall s"];
  const money = [...(usdPerCoreHour === null ? [] : ["USD"]), ...(wattsPerCore === null ? [] : ["J"])];
  const rows = prices.map((price) => [
    formatCell(price.row),
    price.backend,
    settingLabel(price.row.setting),
    signed(price.requests),
    signed(price.transitions),
    signed(price.switches),
    range(price.cpuSeconds),
    range(price.wallSeconds),
    ...(usdPerCoreHour === null ? [] : [price.usd === null ? "n/a" : price.usd.toPrecision(3)]),
    ...(wattsPerCore === null ? [] : [price.joules === null ? "n/a" : formatMeasured(price.joules)]),
  ]);
  return table("What readahead being off costs a GiB", [...header, ...money], 3, rows, [
    `Each figure: what a GiB takes with readahead off less what it takes as found, in the same block or round. [low, high]: the interval of the median over them.${placedNote(prices)}`,
    "transitions: system calls and user page faults of the application and the daemon. CPU s: of both.",
    ...(usdPerCoreHour === null ? [] : [`USD: CPU seconds at ${usdPerCoreHour} USD a core and hour.`]),
    ...(wattsPerCore === null ? [] : [`J: CPU seconds at ${wattsPerCore} W a core.`]),
  ]);
}

/** The part of the cost that readahead by the daemon wins back. Null where it was not measured. */
export function wonBackTable(lines: readonly WonBack[]): ReportTable | null {
  if (lines.length === 0) return null;
  const header = ["reads", "requests: off", "daemon's", "kernel's", "requests %", "transitions %", "CPU %", "wall %"];
  const rows = lines.map(({ off, pushed, found, ...won }) => [
    formatCell(pushed),
    whole(off.requests),
    whole(pushed.requests),
    whole(found.requests),
    share(won.requests),
    share(won.transitions),
    share(won.cpuSeconds),
    share(won.wallSeconds),
  ]);
  return table("What readahead by the daemon wins back", header, 1, rows, [
    "Requests a GiB with the mount's window off, with the daemon pushing pages instead (FUSE_NOTIFY_STORE), and with the kernel's window as found.",
    "%: part of the cost of having no window. 100 is as good as the kernel's own; below 0 is worse than none. -: having no window costs nothing.",
  ]);
}

type Column = readonly [header: string, text: (row: PriceRow) => string];

const columns: readonly Column[] = [
  ["reads", formatCell],
  ["backend", ({ backend }) => backend],
  ["readahead", ({ setting }) => settingLabel(setting)],
  ["READs", ({ requests }) => whole(requests)],
  ["amplif.", ({ amplification }) => (amplification === null ? "-" : formatFactor(amplification))],
  ["transitions", ({ transitions }) => whole(transitions)],
  ["switches", ({ switches }) => whole(switches)],
  ["CPU s", ({ cpuSeconds }) => middle(estimate(cpuSeconds.map(({ value }) => value)))],
  ["MiB/s", ({ mebibytesPerSecond }) => middle(mebibytesPerSecond)],
  ["p99 us", ({ p99LatencyUs }) => middle(p99LatencyUs)],
];

/** `128 KiB 96.9 %, 64 KiB 1.6 %`; a number for a size's name would change the order of an object's keys. */
function sizes(shares: PriceRow["requestSizes"]): string {
  if (shares === null) return "-";
  const entries = Object.entries(shares).toSorted(([, a], [, b]) => b - a);
  return entries.map(([size, part]) => `${formatBytes(Number(size))} ${formatPercent(part)} %`).join(", ");
}

const bytes = (value: number | null) => (value === null ? "-" : formatBytes(value));

/** The columns that a terminal has no room for. */
const furtherColumns: readonly Column[] = [
  ["size of a READ", ({ requestBytes }) => bytes(requestBytes)],
  ["answers by size", ({ requestSizes }) => sizes(requestSizes)],
  ["unasked, daemon", ({ unaskedOfDaemon }) => bytes(unaskedOfDaemon)],
  ["unasked, medium", ({ unaskedOfMedium }) => bytes(unaskedOfMedium)],
  ["mount KiB", ({ kind, readaheadKiB }) => (kind === "native" ? "-" : String(readaheadKiB ?? "n/a"))],
  ["device KiB", ({ deviceReadaheadKiB }) => String(deviceReadaheadKiB ?? "n/a")],
];

/** Every cell: its windows, and the cost of a GiB. */
export function windowTable(rows: readonly PriceRow[], isWhole: boolean): ReportTable {
  const shown = isWhole ? [...columns, ...furtherColumns] : columns;
  const lines = rows.map((row) => shown.map(([, text]) => text(row)));
  return table(
    "One GiB at each window",
    shown.map(([header]) => header),
    3,
    lines,
    [
      "READs, transitions, switches, CPU s, unasked: for each GiB that the application reads. amplif.: READs relative to those of the same backend with the window as found.",
      ...(isWhole
        ? [
            "answers by size: shares of the answers with data, by the upper bound of their octave. unasked: bytes that readahead brought and nobody read, by cachestat(2): from the daemon into the mount's page cache, and from the medium into the source's (cold reads only).",
          ]
        : []),
    ],
  );
}
