import type { Cell, Run } from "../../results/index.js";

import { cellOfNative } from "../figures/same-cell.js";
import { estimate } from "../figures/statistics.js";
import type { TimeMetric } from "./metric.js";
import { timeRatiosOf } from "./values.js";

/**
 * The factor by which native is known to differ from native under another name: the end of the interval that is nearer to 1, and 1
 * where the interval holds 1. A report's noise floor is the farther end: the largest difference that noise may cause. The noise of
 * single blocks is in each interval already; this is the difference that no interval shows.
 */
export function knownDifference(run: Run, cell: Cell, metric: TimeMetric): number {
  const again = cellOfNative(run, cell, "reference again");
  if (again === undefined) return 1;
  const ratio = estimate(timeRatiosOf(again, cellOfNative(run, cell), metric).map(({ value }) => value));
  if (ratio === null || !ratio.interval.reaches95) return 1;
  const { low, high } = ratio.interval;
  return Math.max(1, low, 1 / high);
}
