import type { Placement } from "../../results/index.js";
import type { ComparisonRow } from "../figures/comparison.js";
import { formatMeasured, formatPercent } from "../figures/formats.js";
import { classText } from "../figures/paper-class.js";
import { placementsIn, rowsIn } from "../figures/placed-rows.js";
import { halfWidthOf } from "../figures/round-estimate.js";
import type { Estimate } from "../figures/statistics.js";
import { backendColumn, type Column, cellColumn, intervalText, speedColumns } from "./columns.js";

/** Beyond this half-width, by the ratio, the two ends of an interval are too unlike for one number. */
const WIDE = 1;

/** The least half of an interval that is printed: 0 would say that a ratio is exact. */
const LEAST_HALF = 0.0001;

/** The headers of the placements' columns, in a table that has little room. */
const headers: Readonly<Record<Placement, string>> = {
  "one-core": "% one core",
  "two-cores": "% two cores",
  scheduler: "% scheduler",
};

/** `98.6 ±0.42`, in percent: the ratio and half of its interval. */
function ratioText(ratio: Estimate): string {
  const half = halfWidthOf(ratio);
  if (half === null || half > WIDE) return intervalText(ratio);
  return `${formatPercent(ratio.median)} ±${formatPercent(Math.max(LEAST_HALF, half * ratio.median))}`;
}

function relative(row: ComparisonRow | undefined): string {
  if (row === undefined) return "-";
  if (row.isReference) return "100";
  if (row.relativeThroughput === null) return "n/a";
  return `${row.isUndecided ? "~" : ""}${ratioText(row.relativeThroughput)}`;
}

/** Finds the row of the same cell in a list. */
const finder = (rows: readonly ComparisonRow[]) => {
  const byCell = new Map(rows.map((row) => [row.cell, row]));
  return ({ cell }: ComparisonRow) => byCell.get(cell);
};

/** Speed by slices, a line for each cell: a column for each placement, beside fio's throughput and tail. */
export function placedSpeedColumns(rows: readonly ComparisonRow[]): Column[] {
  const columnOf = (header: string, of: readonly ComparisonRow[]): Column => {
    const find = finder(of);
    return { header, align: "r", text: (row) => relative(find(row)) };
  };
  const placed = placementsIn(rows);
  const byFio = rows.filter(({ placement }) => placement === null);
  const ofUsers = finder(rowsIn(rows, "users"));
  return [
    cellColumn,
    backendColumn,
    { header: "ops/s", align: "r", text: ({ operationsPerSecond }) => middleOr(operationsPerSecond) },
    ...placed.map((placement) =>
      columnOf(
        headers[placement],
        rows.filter((row) => row.placement === placement),
      ),
    ),
    ...(byFio.length === 0 ? [] : [columnOf("% by fio", byFio)]),
    { header: "class", align: "l", text: (row) => classOf(ofUsers(row)) },
    { header: "p99 us", align: "r", text: ({ p99LatencyUs }) => middleOr(p99LatencyUs) },
  ];
}

const middleOr = (value: Estimate | null) => (value === null ? "n/a" : formatMeasured(value.median));
const classOf = (row: ComparisonRow | undefined) => (row === undefined ? "-" : classText(row) || "-");

/** fio's figures of one cell, without what stands in the table of slices. */
export const fioColumns: readonly Column[] = speedColumns.filter(({ header }) => !["% of native", "class"].includes(header));
