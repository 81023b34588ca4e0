import type { Run } from "../../results/index.js";

import { besides, nativesOf, type TimeMeasure, timeMeasures, timesBy } from "./measures.js";

/** The ratios to native of each time that a run can be judged by: what its noise is read from. */
export function timeRatios(run: Run): number[][] {
  const { native, again } = nativesOf(run);
  const served = run.cells.filter(({ backend }) => backend !== native && backend !== again);
  return served.flatMap((cell) =>
    (Object.keys(timeMeasures) as TimeMeasure[]).map((measure) =>
      timesBy(cell, besides(run, cell, native), measure).map(({ value }) => value),
    ),
  );
}
