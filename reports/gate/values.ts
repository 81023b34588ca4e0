import type { Cell, Run } from "../../results/index.js";

import { countedSeries } from "../figures/per-operation.js";
import { countedIn } from "../figures/samples.js";
import { seriesOf } from "../figures/series.js";
import { type InBlock, pairedRatios } from "../figures/statistics.js";
import type { BackendCount, CellCount, TimeMetric } from "./metric.js";
import { cellCounts, requestCount } from "./metrics.js";

/** A count of a cell per operation, one value a counted run that has it. */
export function countsOf(cell: Cell, { count }: CellCount): number[] {
  return countedSeries(cell, count).map(({ value }) => value);
}

/** The opcodes that the daemon of a cell was asked for. */
export function opcodesOf(cell: Cell): string[] {
  return [...new Set(countedIn(cell).flatMap(({ figures }) => Object.keys(figures.requests ?? {})))].sort();
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

/** A time of a cell by another cell's in the same block. */
export function timeRatiosOf(cell: Cell, reference: Cell | undefined, { series }: TimeMetric): InBlock[] {
  return reference === undefined ? [] : pairedRatios(seriesOf(cell, series), seriesOf(reference, series));
}
