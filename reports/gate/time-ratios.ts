import type { Run } from "../../results/index.js";

import { cellOfNative } from "../figures/same-cell.js";
import { placementsOf, roundRatios } from "./compared-slices.js";
import { timeMetrics } from "./metrics.js";

/** The ratios to native of each time by slices that a run can be judged by, one a round: its noise is read from them. */
export function timeRatios(run: Run): number[][] {
  const contenders = run.cells.filter(({ role }) => role === "contender");
  return contenders.flatMap((cell) =>
    placementsOf(run, cell).flatMap((placement) =>
      timeMetrics.map((metric) => roundRatios(cell, cellOfNative(run, cell), placement, metric)),
    ),
  );
}
