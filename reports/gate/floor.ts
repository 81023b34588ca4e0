import type { Run } from "../../results/index.js";

import { estimate } from "../figures/statistics.js";
import { nativesOf, placeOf, type TimeMeasure, timesBy } from "./measures.js";

/**
 * The factor by which native is known to differ from native under another name in a place: the end of the interval that is
 * nearer to 1, and 1 where the interval holds it. What the spread of single blocks does is in each interval already; this is what
 * an interval can't show.
 */
export function knownDifference(run: Run, place: string, measure: TimeMeasure): number {
  const { native, again } = nativesOf(run);
  const cellOf = (backend: string | undefined) => run.cells.find((cell) => cell.backend === backend && placeOf(cell) === place);
  const cell = cellOf(again);
  const ratios = cell === undefined ? [] : timesBy(cell, cellOf(native), measure).map(({ value }) => value);
  const ratio = estimate(ratios);
  if (ratio === null || !ratio.interval.reaches95) return 1;
  const { low, high } = ratio.interval;
  return Math.max(1, low, 1 / high);
}
