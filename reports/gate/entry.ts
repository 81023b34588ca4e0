import type { BaselineEntry, Run } from "../../results/index.js";

import { descriptorsPerOpen } from "./cell-sides.js";
import {
  besides,
  countsOf,
  nativeLatencyNs,
  nativesOf,
  otherCpuSeconds,
  type TimeMeasure,
  timeMeasures,
  timesBy,
} from "./measures.js";

/** What of a run a baseline keeps. */
export function entryOf(run: Run, savedAt: Date): BaselineEntry {
  const { native, again } = nativesOf(run);
  const cells = run.cells.filter(({ backend }) => backend !== again);
  const timesToNative = (cell: Run["cells"][number]) =>
    (Object.keys(timeMeasures) as TimeMeasure[]).flatMap((measure) => {
      const ratios = cell.backend === native ? [] : timesBy(cell, besides(run, cell, native), measure);
      return ratios.length === 0 ? [] : [[measure, ratios.map(({ value }) => value)] as const];
    });
  const served = run.backends.filter(({ kind, unavailable }) => kind !== "native" && unavailable === null);
  return {
    savedAt: savedAt.toISOString(),
    runId: run.id,
    host: run.host,
    fileSizeBytes: run.request.fileSizeBytes,
    backends: run.backends
      .filter(({ name, unavailable }) => name !== again && unavailable === null)
      .map(({ name, command }) => ({ name, command })),
    cells: cells.map((cell) => ({
      backend: cell.backend,
      workload: cell.workload,
      ioSizeBytes: cell.ioSizeBytes,
      cache: cell.cache,
      counts: countsOf(cell),
      timesToNative: Object.fromEntries(timesToNative(cell)),
    })),
    descriptorsPerOpen: Object.fromEntries(served.map(({ name }) => [name, descriptorsPerOpen(run, name)])),
    conditions: {
      nativeLatencyNs: nativeLatencyNs(run),
      otherCpuSeconds: otherCpuSeconds(run),
    },
  };
}
