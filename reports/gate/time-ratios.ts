import type { Run } from "../../results/index.js";

import { cellOfNative } from "../figures/same-cell.js";
import { timeMetrics } from "./metrics.js";
import { timeRatiosOf } from "./values.js";

/** The ratios to native of each time that a run can be judged by: its noise is read from them. */
export function timeRatios(run: Run): number[][] {
  const contenders = run.cells.filter(({ role }) => role === "contender");
  return contenders.flatMap((cell) =>
    timeMetrics.map((metric) => timeRatiosOf(cell, cellOfNative(run, cell), metric).map(({ value }) => value)),
  );
}
