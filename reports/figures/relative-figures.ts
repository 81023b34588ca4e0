import { median } from "simple-statistics";
import type { Cell, Placement, Run } from "../../results/index.js";
import { estimateOfRounds, inverse, type RoundsEnd } from "./round-estimate.js";
import { type SeriesName, seriesOf } from "./series.js";
import { nsOfRounds, ratiosOfRounds, roundsIn, type SliceTime, takenRounds } from "./slices.js";
import { type Estimate, estimate, pairedRatios } from "./statistics.js";

/** The figures of a cell by native's: of its slices in one placement, or of fio's samples. */
export interface RelativeFigures {
  /** The cores of reader and daemons while the slices were taken; null where the ratios are those of fio's samples. */
  readonly placement: Placement | null;
  /** Throughput by native's, in the same turns or the same block; null for the reference itself, and where the two never met. */
  readonly relativeThroughput: Estimate | null;
  /** Mean latency by native's. */
  readonly relativeLatency: Estimate | null;
  /** CPU time of reader and daemon by native's. Null without slices, too. */
  readonly relativeCpu: Estimate | null;
  /** Wall time of one operation in ns, the median over rounds of a round's median turn; null without slices. */
  readonly sliceNs: number | null;
  /** Rounds that were taken, rounds that failed, and slices in those that were taken. */
  readonly rounds: number;
  readonly failedRounds: number;
  readonly slices: number;
}

const isTaken = (ns: number | null) => ns !== null;

/** The end of a run's rounds. Where no request says that they were fixed, intervals allow for looks. */
export function roundsEndOf({ request }: Pick<Run, "request">): RoundsEnd {
  return typeof request.slices?.rounds === "number" ? "fixed" : "precision";
}

/** A figure of fio's samples by the reference's, in the blocks that have both. */
export function ratioByFio(cell: Cell, reference: Cell | undefined, name: SeriesName): Estimate | null {
  if (reference === undefined || reference === cell) return null;
  return estimate(pairedRatios(seriesOf(cell, name), seriesOf(reference, name)).map(({ value }) => value));
}

/** @param native undefined where no native cell has the same operations */
export function relativeByFio(cell: Cell, native: Cell | undefined): RelativeFigures {
  return {
    placement: null,
    relativeThroughput: ratioByFio(cell, native, "operationsPerSecond"),
    relativeLatency: ratioByFio(cell, native, "meanLatencyNs"),
    relativeCpu: null,
    sliceNs: null,
    rounds: 0,
    failedRounds: 0,
    slices: 0,
  };
}

/** @param native undefined where no native cell has the same operations */
export function relativeBySlices(cell: Cell, native: Cell | undefined, placement: Placement, end: RoundsEnd): RelativeFigures {
  const ratio = (time: SliceTime) => {
    if (native === undefined || native === cell) return null;
    return estimateOfRounds(
      ratiosOfRounds(cell, native, placement, time).map(({ value }) => value),
      end,
    );
  };
  const taken = takenRounds(cell, placement);
  const times = nsOfRounds(cell, placement, "wall").map(({ value }) => value);
  const relativeLatency = ratio("wall");
  return {
    placement,
    // The operations of a slice are fixed: its throughput is the inverse of its time.
    relativeThroughput: relativeLatency === null ? null : inverse(relativeLatency),
    relativeLatency,
    relativeCpu: ratio("cpu"),
    sliceNs: times.length === 0 ? null : median(times),
    rounds: taken.length,
    failedRounds: roundsIn(cell, placement).length - taken.length,
    slices: taken.reduce((sum, { nsPerOperation }) => sum + nsPerOperation.filter(isTaken).length, 0),
  };
}
