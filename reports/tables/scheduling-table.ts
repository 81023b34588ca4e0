import type { CountedSample } from "../../results/index.js";

import type { Comparison, ComparisonRow } from "../figures/comparison.js";
import { formatBytes, formatCell, formatCount, formatMeasured, formatPercent } from "../figures/formats.js";
import type { ReportTable } from "./report-table.js";

type Counted = NonNullable<CountedSample["figures"]>;
type Party = "application" | "daemon";

const NOT_COUNTED = "n/a";

/** Voluntary and involuntary switches of one I/O: `1.00+0.03`. */
function switches({ ios, contextSwitches, voluntarySwitches }: Counted, party: Party): string {
  const [all, voluntary] = [contextSwitches[party], voluntarySwitches[party]];
  if (all === null || voluntary === null) return NOT_COUNTED;
  return `${formatCount(voluntary / ios)}+${formatCount(Math.max(0, all - voluntary) / ios)}`;
}

/** A figure of both parties together; null where one of them is not known. Native has no daemon. */
function ofBoth(
  counts: Counted,
  figure: "contextSwitches" | "switchesToIdle" | "migrations" | "interrupts",
  isNative: boolean,
): number | null {
  const { application, daemon } = counts[figure];
  if (application === null || (daemon === null && !isNative)) return null;
  return application + (daemon ?? 0);
}

/** The part of the switches that went to the idle task. Over a few switches noise makes the part larger than the whole: none then. */
function toIdle(counts: Counted, isNative: boolean): string {
  const [all, idle] = [ofBoth(counts, "contextSwitches", isNative), ofBoth(counts, "switchesToIdle", isNative)];
  return all === null || idle === null || all === 0 || idle > all ? NOT_COUNTED : formatPercent(idle / all);
}

function perThousand(counts: Counted, figure: "migrations" | "interrupts", isNative: boolean): string {
  const value = ofBoth(counts, figure, isNative);
  return value === null ? NOT_COUNTED : formatMeasured((value * 1000) / counts.ios);
}

/** Classes by their upper bound: `4 KiB 1.00, 128 KiB 0.031`. */
function sizes(bySize: Readonly<Record<string, number>> | null, ios: number): string {
  if (bySize === null) return NOT_COUNTED;
  const name = (bound: string) => (bound === "more" ? "more" : formatBytes(Number(bound)));
  const classes = Object.entries(bySize).map(([bound, count]) => `${name(bound)} ${formatCount(count / ios)}`);
  return classes.join(", ") || "none";
}

function line(row: ComparisonRow): string[] {
  // Counts repeat from block to block: the first says it.
  const [counts] = row.cell.counts.flatMap(({ figures }) => figures ?? []);
  if (counts === undefined) return [formatCell(row), row.backend, ...new Array<string>(8).fill(NOT_COUNTED)];
  const { roundTrips, ios } = counts;
  const us = (ns: number | null | undefined) => (ns == null ? "-" : formatMeasured(ns / 1000));
  return [
    formatCell(row),
    row.backend,
    switches(counts, "application"),
    row.kind === "native" ? "-" : switches(counts, "daemon"),
    toIdle(counts, row.kind === "native"),
    perThousand(counts, "migrations", row.kind === "native"),
    perThousand(counts, "interrupts", row.kind === "native"),
    `${us(roundTrips?.p50Ns)} / ${us(roundTrips?.p99Ns)}`,
    row.kind === "native" ? "-" : sizes(counts.answersBySize, ios),
    sizes(counts.deviceReadsBySize, ios),
  ];
}

const header = [
  "workload, I/O, cache",
  "backend",
  "app cs v+i",
  "daemon cs v+i",
  "to idle %",
  "migrations / 1000",
  "interrupts / 1000",
  "request us, p50 / p99",
  "answers by size",
  "device reads by size",
];

/** How the parties waited for each other, and what was asked of daemon and device; nothing of runs that did not count it. */
export function schedulingTables({ rows }: Comparison): ReportTable[] {
  const counted = rows.filter(({ cell }) =>
    cell.counts.some(({ figures }) => figures !== null && figures.voluntarySwitches.application !== null),
  );
  if (counted.length === 0) return [];
  return [
    {
      title: "Waiting, and what was asked for",
      grid: [header, ...counted.map(line)],
      align: header.map((_, column) => (column < 2 || column > 7 ? "l" : "r")),
      notes: [
        "cs v+i: context switches of one I/O, voluntary + involuntary; to idle: the part of them that left the CPU without work, so that who was waited for is on another core, or is a device.",
        "migrations, interrupts: of 1000 I/Os, of both parties; an interrupt may have hit user mode or the kernel.",
        "request: from fuse_request_send to fuse_request_end, of READs alone, in the counted runs, whose counters slow them.",
        "by size: per I/O, by the upper bound of their class, an octave each; device: whoever read it.",
      ],
    },
  ];
}
