import { type FigureKey, type FigureRow, figureKeys, type Party, type PartyCount, rowOf } from "../../results/index.js";
import type { Comparison, ComparisonRow } from "../figures/comparison.js";
import { type Count, countOf } from "../figures/count.js";
import { formatBytes, formatCount, formatMeasured, formatPercent } from "../figures/formats.js";
import { byNamePerOperation, isMissing, perOperation, type SizeFigure } from "../figures/per-operation.js";
import { cellRows } from "../figures/placed-rows.js";
import { countedIn } from "../figures/samples.js";
import { backendColumn, type Column, cellColumn } from "./columns.js";
import type { ReportTable } from "./report-table.js";

const NOT_COUNTED = "n/a";
/** There is nothing to count: native has no daemon. */
const NOTHING = "-";

type Waiting = NonNullable<FigureRow["waiting"]>;

function count(row: ComparisonRow, of: Count): number | null {
  const figure = perOperation(row.cell, of);
  return isMissing(figure) ? null : figure;
}

/** Voluntary and involuntary switches of one operation: `1.00+0.03`. */
function switches(row: ComparisonRow, party: Party): string {
  if (party === "daemon" && row.kind === "native") return NOTHING;
  const [all, voluntary] = [count(row, countOf("contextSwitches", party)), count(row, countOf("voluntarySwitches", party))];
  if (all === null || voluntary === null) return NOT_COUNTED;
  return `${formatCount(voluntary)}+${formatCount(Math.max(0, all - voluntary))}`;
}

/** A part of the switches of both parties. Over a few switches noise makes the part larger than the whole: none then. */
function percentOfSwitches(row: ComparisonRow, key: PartyCount): string {
  const [all, part] = [count(row, countOf("contextSwitches", "both")), count(row, countOf(key, "both"))];
  return all === null || part === null || all === 0 || part > all ? NOT_COUNTED : formatPercent(part / all);
}

function perThousand(row: ComparisonRow, key: PartyCount): string {
  const value = count(row, countOf(key, "both"));
  return value === null ? NOT_COUNTED : formatMeasured(value * 1000);
}

/** Classes by their upper bound: `4 KiB 1.00, 128 KiB 0.031`. */
function sizes(row: ComparisonRow, key: SizeFigure): string {
  if (row.kind === "native" && rowOf(key).of === "mount") return NOTHING;
  const bySize = byNamePerOperation(row.cell, key);
  if (bySize === null) return NOT_COUNTED;
  const name = (bound: string) => (bound === "more" ? "more" : formatBytes(Number(bound)));
  return (
    Object.entries(bySize)
      .map(([bound, value]) => `${name(bound)} ${formatCount(value)}`)
      .join(", ") || "none"
  );
}

/** Percentiles of the first counted run: a median over runs would mix their requests. */
function percentiles(row: ComparisonRow): string {
  const times = countedIn(row.cell)[0]?.figures.roundTrips;
  const us = (ns: number | null | undefined) => (ns == null ? NOTHING : formatMeasured(ns / 1000));
  return `${us(times?.p50Ns)} / ${us(times?.p99Ns)}`;
}

/** The columns of a figure, by the form that the registry names. */
const columnsOf: Readonly<Record<Waiting["form"], (key: FigureKey, header: string) => readonly Column[]>> = {
  "voluntary + involuntary": (_, header) => [
    { header: `app ${header}`, align: "r", text: (row) => switches(row, "application") },
    { header: `daemon ${header}`, align: "r", text: (row) => switches(row, "daemon") },
  ],
  "percent of switches": (key, header) => [{ header, align: "r", text: (row) => percentOfSwitches(row, key as PartyCount) }],
  "per 1000 operations": (key, header) => [{ header, align: "r", text: (row) => perThousand(row, key as PartyCount) }],
  "p50 / p99": (_, header) => [{ header, align: "r", text: percentiles }],
  "by size": (key, header) => [{ header, align: "l", text: (row) => sizes(row, key as SizeFigure) }],
};

const waiting = figureKeys.flatMap((key) => {
  const shown = rowOf(key).waiting;
  return shown === undefined ? [] : [{ key, ...shown }];
});

const columns: readonly Column[] = [
  cellColumn,
  backendColumn,
  // Numbers stand before lists.
  ...waiting.flatMap(({ key, form, header }) => columnsOf[form](key, header)).toSorted((a, b) => b.align.localeCompare(a.align)),
];

/** Waiting of the parties for each other, and the requests to daemon and device; nothing of runs that did not count it. */
export function schedulingTables({ rows }: Comparison): ReportTable[] {
  const counted = cellRows(rows).filter(({ cell }) =>
    countedIn(cell).some(({ figures }) => figures.voluntarySwitches.application !== null),
  );
  if (counted.length === 0) return [];
  return [
    {
      title: "Waiting, and sizes of requests",
      grid: [columns.map(({ header }) => header), ...counted.map((row) => columns.map(({ text }) => text(row)))],
      align: columns.map(({ align }) => align),
      notes: waiting.map(({ note }) => note),
    },
  ];
}
