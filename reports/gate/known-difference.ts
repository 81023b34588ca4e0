import type { Cell, Run } from "../../results/index.js";

import { estimate } from "../figures/statistics.js";
import { nativesOf, sameCellOf } from "./cells.js";
import type { TimeMetric } from "./metric.js";
import { timeRatiosOf } from "./values.js";

/**
 * The factor by which native is known to differ from native under another name: the end of the interval that is nearer to 1, and 1
 * where the interval holds 1. A report's noise floor is the farther end: the largest difference that noise may cause. The noise of
 * single blocks is in each interval already; this is the difference that no interval shows.
 */
export function knownDifference(run: Run, cell: Cell, metric: TimeMetric): number {
  const { native, again } = nativesOf(run);
  const second = sameCellOf(run, cell, again);
  const ratios = second === undefined ? [] : timeRatiosOf(second, sameCellOf(run, cell, native), metric);
  const ratio = estimate(ratios.map(({ value }) => value));
  if (ratio === null || !ratio.interval.reaches95) return 1;
  const { low, high } = ratio.interval;
  return Math.max(1, low, 1 / high);
}
