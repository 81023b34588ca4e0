import type { Run } from "../../results/index.js";

import { cellOfNative } from "../figures/same-cell.js";
import { roundRatios } from "./compared-slices.js";
import { timeMetrics } from "./metrics.js";

/** The ratios to native of each time by slices that a run can be judged by, one a round: its noise is read from them. */
export function timeRatios(run: Run): number[][] {
  const contenders = run.cells.filter(({ role }) => role === "contender");
  const { placements = [] } = run.request.slices ?? {};
  return contenders.flatMap((cell) =>
    placements.flatMap((placement) =>
      timeMetrics.map((metric) => roundRatios(cell, cellOfNative(run, cell), placement, metric)),
    ),
  );
}
