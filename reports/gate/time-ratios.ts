import type { Run } from "../../results/index.js";

import { nativesOf, sameCellOf } from "./cells.js";
import { timeMetrics } from "./metrics.js";
import { timeRatiosOf } from "./values.js";

/** The ratios to native of each time that a run can be judged by: its noise is read from them. */
export function timeRatios(run: Run): number[][] {
  const { native, again } = nativesOf(run);
  const served = run.cells.filter(({ backend }) => backend !== native && backend !== again);
  return served.flatMap((cell) =>
    timeMetrics.map((metric) => timeRatiosOf(cell, sameCellOf(run, cell, native), metric).map(({ value }) => value)),
  );
}
