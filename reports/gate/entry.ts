import type { BaselineEntry, Cell, Run } from "../../results/index.js";

import { nativesOf, sameCellOf } from "./cells.js";
import { hostStateOf } from "./host-state.js";
import { DESCRIPTORS_LEFT, timeMetrics } from "./metrics.js";
import { allCountsOf, backendCountsOf, timeRatiosOf } from "./values.js";

/** The entry of a baseline: the figures of a run that later runs are compared with. */
export function entryOf(run: Run, savedAt: Date): BaselineEntry {
  const { native, again } = nativesOf(run);
  const timesToNative = (cell: Cell) =>
    timeMetrics.flatMap((metric) => {
      const ratios = cell.backend === native ? [] : timeRatiosOf(cell, sameCellOf(run, cell, native), metric);
      return ratios.length === 0 ? [] : [[metric.id, ratios.map(({ value }) => value)] as const];
    });
  const usable = run.backends.filter(({ name, unavailable }) => name !== again && unavailable === null);
  const served = usable.filter(({ kind }) => kind !== "native");
  return {
    savedAt: savedAt.toISOString(),
    runId: run.id,
    host: run.host,
    fileSizeBytes: run.request.fileSizeBytes,
    backends: usable.map(({ name, command }) => ({ name, command })),
    cells: run.cells
      .filter(({ backend }) => backend !== again)
      .map((cell) => ({
        backend: cell.backend,
        workload: cell.workload,
        ioSizeBytes: cell.ioSizeBytes,
        cache: cell.cache,
        counts: allCountsOf(cell),
        timesToNative: Object.fromEntries(timesToNative(cell)),
      })),
    descriptorsPerOpen: Object.fromEntries(served.map(({ name }) => [name, [...backendCountsOf(run, name, DESCRIPTORS_LEFT)]])),
    conditions: hostStateOf(run),
  };
}
