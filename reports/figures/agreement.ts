import type { Comparison, ComparisonRow } from "./comparison.js";
import { groupOf } from "./every-cell.js";
import { ratioByFio } from "./relative-figures.js";
import type { Estimate } from "./statistics.js";

/** The fewest blocks of fio whose ratio is held against that of slices: the interval of fewer says little. */
const FEWEST_BLOCKS = 5;

/** A cell's throughput by native's, taken in two ways. */
export interface Agreement {
  readonly row: ComparisonRow;
  readonly bySlices: Estimate;
  readonly byFio: Estimate;
  readonly agrees: boolean;
}

/** True where two ratios differ by no more than both intervals together allow: the intervals overlap. */
export function agree(a: Estimate, b: Estimate): boolean {
  return a.interval.low <= b.interval.high && b.interval.low <= a.interval.high;
}

/**
 * Ratios by slices beside those by fio's interleaved blocks, of the cells that have both. fio runs on the cores that the scheduler
 * chooses, so its ratios are held against the slices of that placement alone.
 */
export function agreements({ rows }: Comparison): Agreement[] {
  const natives = new Map(rows.filter(({ isReference }) => isReference).map(({ cell }) => [groupOf(cell), cell]));
  return rows.flatMap((row) => {
    const { placement, relativeThroughput: bySlices, cell } = row;
    if (placement !== "scheduler" || bySlices === null) return [];
    const byFio = ratioByFio(cell, natives.get(groupOf(cell)), "operationsPerSecond");
    if (byFio === null || byFio.n < FEWEST_BLOCKS) return [];
    return [{ row, bySlices, byFio, agrees: agree(bySlices, byFio) }];
  });
}
