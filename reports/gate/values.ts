import type { Cell, Run } from "../../results/index.js";

import { type InBlock, pairedRatios } from "../figures/statistics.js";
import { isServed } from "./cells.js";
import type { BackendCount, CellCount, CountedFigures, TimeMetric } from "./metric.js";
import { cellCounts, requestCount } from "./metrics.js";

function countedFigures(cell: Cell): CountedFigures[] {
  return cell.counts.flatMap(({ figures }) => (figures === null || figures.ios === 0 ? [] : [figures]));
}

/** A count of a cell per I/O, one value a counted run that has it. */
export function countsOf(cell: Cell, { pick }: CellCount): number[] {
  return countedFigures(cell).flatMap((figures) => {
    const count = pick(figures);
    return count === null ? [] : [count / figures.ios];
  });
}

/** The opcodes that the daemon of a cell was asked for. */
export function opcodesOf(cell: Cell): string[] {
  return [...new Set(countedFigures(cell).flatMap(({ requests }) => Object.keys(requests ?? {})))].sort();
}

/** All counts of a cell by id, as a baseline keeps them. A count that the host does not give is absent. */
export function allCountsOf(cell: Cell): Record<string, number[]> {
  const metrics = [...cellCounts, ...opcodesOf(cell).map(requestCount)];
  const all = metrics.map((metric) => [metric.id, countsOf(cell, metric)] as const);
  return Object.fromEntries(all.filter(([, values]) => values.length > 0));
}

/** A count of a backend, one value a try; empty where nobody tried. */
export function backendCountsOf(run: Run, backend: string, { pick }: BackendCount): readonly number[] {
  const record = run.backends.find(({ name }) => name === backend);
  return record === undefined ? [] : pick(record);
}

/** A time of a cell in nanoseconds per I/O, in each block that has it. */
export function timesOf(run: Run, cell: Cell, { pick }: TimeMetric): InBlock[] {
  const served = isServed(run, cell.backend);
  return cell.samples.flatMap(({ block, figures }) => {
    const value = figures === null ? null : pick(figures, served);
    return value === null || value <= 0 ? [] : [{ block, value }];
  });
}

/** A time of a cell by another cell's in the same block. */
export function timeRatiosOf(run: Run, cell: Cell, reference: Cell | undefined, metric: TimeMetric): InBlock[] {
  return reference === undefined ? [] : pairedRatios(timesOf(run, cell, metric), timesOf(run, reference, metric));
}
