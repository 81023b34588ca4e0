import type { Run } from "../../results/index.js";

import { type ComparisonRow, compare as compareWithNative } from "../figures/comparison.js";
import { formatCell, formatCount, formatMeasured } from "../figures/formats.js";
import { isMissing } from "../figures/per-operation.js";
import { rankSumP, shift } from "../figures/rank-tests.js";
import { cellOfNative } from "../figures/same-cell.js";
import { seriesOf } from "../figures/series.js";
import { estimate, pairedRatios } from "../figures/statistics.js";

/** Above this p two results can't be told apart: benchstat's level. */
const ALPHA = 0.05;

/** The figures of a cell that can be compared. */
export const figures = ["relative latency", "latency", "system calls", "context switches"] as const;
export type FigureName = (typeof figures)[number];

/** One cell of one result. */
interface Entry {
  /** A value a block for times, one for counts. */
  readonly values: readonly number[];
  readonly isCount: boolean;
}

function entryOf(run: Run, row: ComparisonRow, figure: FigureName): Entry | null {
  const { cell, costs, isReference } = row;
  const values = (points: readonly { readonly value: number }[], scale: number) => points.map(({ value }) => value * scale);
  const latency = seriesOf(cell, "meanLatencyNs");
  const native = cellOfNative(run, cell);
  switch (figure) {
    case "latency":
      return { values: values(latency, 1e-3), isCount: false };
    case "relative latency":
      if (isReference) return null;
      return {
        values: values(pairedRatios(latency, native === undefined ? [] : seriesOf(native, "meanLatencyNs")), 1),
        isCount: false,
      };
    case "system calls":
    case "context switches": {
      const count = figure === "system calls" ? costs.daemonSyscalls : costs.daemonSwitches;
      return isMissing(count) ? null : { values: [count], isCount: true };
    }
  }
}

function spreadText(values: readonly number[]): string {
  const { median, interval, n } = estimate(values)!;
  if (n < 2) return `${formatMeasured(median)} n=1`;
  const half = Math.max(interval.high - median, median - interval.low) / median;
  return `${formatMeasured(median)} ±${interval.reaches95 ? `${Math.round(half * 100)} %` : "∞"}`;
}

/** The change from the first result, or `~` where none can be shown. */
function changeText(first: Entry, other: Entry): string {
  if (first.isCount) {
    const difference = other.values[0]! - first.values[0]!;
    return Math.abs(difference) < 0.005 ? "=" : `${difference > 0 ? "+" : "-"}${formatCount(Math.abs(difference))}`;
  }
  const [before, now] = [first.values.map(Math.log), other.values.map(Math.log)];
  const p = Math.min(1, 2 * Math.min(rankSumP(now, before), rankSumP(before, now)));
  const said = `(p=${p.toFixed(3)} n=${first.values.length}+${other.values.length})`;
  if (p > ALPHA) return `~ ${said}`;
  const change = (Math.exp(shift(now, before).median) - 1) * 100;
  return `${change >= 0 ? "+" : ""}${change.toFixed(1)} % ${said}`;
}

/**
 * Results side by side, as benchstat shows them: one row per cell, one column per result. From the second on a column more has
 * the change from the first with its p and n, or `~` where none can be shown at 5 percent (Mann-Whitney, two-sided).
 *
 * @param results with the name of each column
 * @returns rows, the header first
 */
export function resultsGrid(results: readonly { readonly name: string; readonly run: Run }[], figure: FigureName): string[][] {
  const tables = results.map(({ run }) => {
    const rows = compareWithNative(run).rows.filter(({ isReferenceAgain }) => !isReferenceAgain);
    const entries = rows.flatMap((row) => {
      const entry = entryOf(run, row, figure);
      return entry === null || entry.values.length === 0 ? [] : [[`${formatCell(row)} ${row.backend}`, entry] as const];
    });
    return new Map(entries);
  });
  const names = [...new Set(tables.flatMap((table) => [...table.keys()]))];
  const rows = names.map((name) => {
    const first = tables[0]!.get(name);
    const cells = tables.flatMap((table, index) => {
      const entry = table.get(name);
      const text = entry === undefined ? "" : entry.isCount ? formatCount(entry.values[0]!) : spreadText(entry.values);
      if (index === 0) return [text];
      return [text, first === undefined || entry === undefined ? "" : changeText(first, entry)];
    });
    return [name, ...cells];
  });
  const header = results.flatMap(({ name }, index) => (index === 0 ? [name] : [name, "vs first"]));
  return [[figure, ...header], ...rows];
}
