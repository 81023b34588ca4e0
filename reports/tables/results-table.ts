import type { Cell, Placement, Run } from "../../results/index.js";

import { type Comparison, type ComparisonRow, compare as compareWithNative } from "../figures/comparison.js";
import { formatCell, formatCount, formatMeasured } from "../figures/formats.js";
import { isMissing } from "../figures/per-operation.js";
import { cellRows, placementsIn } from "../figures/placed-rows.js";
import { rankSumP, shift } from "../figures/rank-tests.js";
import { roundsEndOf } from "../figures/relative-figures.js";
import { estimateOfRounds } from "../figures/round-estimate.js";
import { cellOfNative } from "../figures/same-cell.js";
import { seriesOf } from "../figures/series.js";
import { ratiosOfRounds } from "../figures/slices.js";
import { type Estimate, estimate, type InBlock, pairedRatios } from "../figures/statistics.js";

/** Above this p two results can't be told apart: benchstat's level. */
const ALPHA = 0.05;

/** The figures of a cell that can be compared. */
export const figures = ["relative latency", "latency", "system calls", "context switches"] as const;
export type FigureName = (typeof figures)[number];

/** One cell of one result. */
interface Entry {
  /** A value a block or a round for times, one for counts. */
  readonly values: readonly number[];
  readonly isCount: boolean;
  /** The middle of the values, with its interval. */
  readonly estimate: Estimate;
}

function timesOf(points: readonly InBlock[], scale = 1): Entry | null {
  const values = points.map(({ value }) => value * scale);
  const estimated = estimate(values);
  return estimated === null ? null : { values, isCount: false, estimate: estimated };
}

/** The latency by native's in the same turns, round by round. */
function ratiosBySlices(run: Run, { cell }: ComparisonRow, native: Cell, placement: Placement): Entry | null {
  const values = ratiosOfRounds(cell, native, placement, "wall").map(({ value }) => value);
  const estimated = estimateOfRounds(values, roundsEndOf(run));
  return estimated === null ? null : { values, isCount: false, estimate: estimated };
}

function relativeLatency(run: Run, row: ComparisonRow, isBySlices: boolean): Entry | null {
  const { cell, isReference, placement } = row;
  const native = cellOfNative(run, cell);
  if (isReference || native === undefined) return null;
  if (isBySlices && placement !== null) return ratiosBySlices(run, row, native, placement);
  return timesOf(pairedRatios(seriesOf(cell, "meanLatencyNs"), seriesOf(native, "meanLatencyNs")));
}

function entryOf(run: Run, row: ComparisonRow, figure: FigureName, isBySlices: boolean): Entry | null {
  const { cell, costs } = row;
  switch (figure) {
    case "latency":
      return timesOf(seriesOf(cell, "meanLatencyNs"), 1e-3);
    case "relative latency":
      return relativeLatency(run, row, isBySlices);
    case "system calls":
    case "context switches": {
      const count = figure === "system calls" ? costs.daemonSyscalls : costs.daemonSwitches;
      return isMissing(count) ? null : { values: [count], isCount: true, estimate: estimate([count])! };
    }
  }
}

/** The rows of a table: one a cell, and of ratios by slices one a placement too. */
function rowsOf({ rows }: Comparison, isBySlices: boolean): ComparisonRow[] {
  return (isBySlices ? rows : cellRows(rows)).filter(({ isReferenceAgain }) => !isReferenceAgain);
}

function nameOf(row: ComparisonRow, isBySlices: boolean): string {
  const placed = isBySlices && row.placement !== null ? `, ${row.placement}` : "";
  return `${formatCell(row)} ${row.backend}${placed}`;
}

function spreadText({ median, interval, n }: Estimate): string {
  if (n < 2) return `${formatMeasured(median)} n=1`;
  const half = Math.max(interval.high - median, median - interval.low) / median;
  return `${formatMeasured(median)} ±${interval.reaches95 ? `${halfText(half)} %` : "∞"}`;
}

/** Half of an interval in percent, with a decimal where it is small. */
const halfText = (half: number) => (half < 0.0095 ? (half * 100).toFixed(1) : String(Math.round(half * 100)));

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
 * the change from the first with its p and n, or `~` where none can be shown at 5 percent (Mann-Whitney, two-sided). Relative
 * latencies are those of slices, in each placement, where all results have slices, or else those of fio's blocks.
 *
 * @param results with the name of each column
 * @returns rows, the header first
 */
export function resultsGrid(results: readonly { readonly name: string; readonly run: Run }[], figure: FigureName): string[][] {
  const compared = results.map(({ run }) => compareWithNative(run));
  const isBySlices = figure === "relative latency" && compared.every(({ rows }) => placementsIn(rows).length > 0);
  const tables = compared.map((comparison) => {
    const entries = rowsOf(comparison, isBySlices).flatMap((row) => {
      const entry = entryOf(comparison.run, row, figure, isBySlices);
      return entry === null ? [] : [[nameOf(row, isBySlices), entry] as const];
    });
    return new Map(entries);
  });
  const names = [...new Set(tables.flatMap((table) => [...table.keys()]))];
  const rows = names.map((name) => {
    const first = tables[0]!.get(name);
    const cells = tables.flatMap((table, index) => {
      const entry = table.get(name);
      const text = entry === undefined ? "" : entry.isCount ? formatCount(entry.values[0]!) : spreadText(entry.estimate);
      if (index === 0) return [text];
      return [text, first === undefined || entry === undefined ? "" : changeText(first, entry)];
    });
    return [name, ...cells];
  });
  const header = results.flatMap(({ name }, index) => (index === 0 ? [name] : [name, "vs first"]));
  return [[figure, ...header], ...rows];
}
