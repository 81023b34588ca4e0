import { type BaselineEntry, type Cell, type Placement, type Run, traitsOf } from "../../results/index.js";

import { cellOfNative } from "../figures/same-cell.js";
import { placementsOf, roundRatios } from "./compared-slices.js";
import { hostStateOf } from "./host-state.js";
import { DESCRIPTORS_LEFT, timeMetrics } from "./metrics.js";
import { allCountsOf, backendCountsOf, timeRatiosOf } from "./values.js";

/** The entry of a baseline: the figures of a run that later runs are compared with. */
export function entryOf(run: Run, savedAt: Date): BaselineEntry {
  const timesToNative = (cell: Cell) =>
    timeMetrics.flatMap((metric) => {
      const ratios = cell.role === "reference" ? [] : timeRatiosOf(cell, cellOfNative(run, cell), metric);
      return ratios.length === 0 ? [] : [[metric.id, ratios.map(({ value }) => value)] as const];
    });
  const hasSlices = run.request.slices !== undefined;
  const slicesToNative = (cell: Cell) =>
    Object.fromEntries(
      placementsOf(run, cell).map((placement) => [placement, Object.fromEntries(roundsToNative(run, cell, placement))] as const),
    );
  const isAgain = (name: string) => traitsOf(run.backends, name).role === "reference again";
  const usable = run.backends.filter(({ name, unavailable }) => unavailable === null && !isAgain(name));
  const served = usable.filter(({ kind }) => kind !== "native");
  return {
    savedAt: savedAt.toISOString(),
    runId: run.id,
    host: run.host,
    fileSizeBytes: run.request.fileSizeBytes,
    backends: usable.map(({ name, command }) => ({ name, command })),
    cells: run.cells
      .filter(({ role }) => role !== "reference again")
      .map((cell) => ({
        backend: cell.backend,
        workload: cell.workload,
        ioSizeBytes: cell.ioSizeBytes,
        cache: cell.cache,
        counts: allCountsOf(cell),
        timesToNative: hasSlices ? {} : Object.fromEntries(timesToNative(cell)),
        ...(hasSlices && { slicesToNative: slicesToNative(cell) }),
      })),
    descriptorsPerOpen: Object.fromEntries(served.map(({ name }) => [name, [...backendCountsOf(run, name, DESCRIPTORS_LEFT)]])),
    conditions: hostStateOf(run),
  };
}

/** The ratios to native of each time in one placement, one a round. Native has none, and so has a cell without rounds. */
function roundsToNative(run: Run, cell: Cell, placement: Placement): (readonly [string, number[]])[] {
  return timeMetrics.flatMap((metric) => {
    const ratios = cell.role === "reference" ? [] : roundRatios(cell, cellOfNative(run, cell), placement, metric);
    return ratios.length === 0 ? [] : [[metric.id, ratios] as const];
  });
}
