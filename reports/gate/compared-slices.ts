import { median } from "simple-statistics";
import { type Cell, isUseful, type Placement, type Run } from "../../results/index.js";

import { formatCell } from "../figures/formats.js";
import { nsOfRounds, ratiosOfRounds } from "../figures/slices.js";
import type { ComparedSlices } from "./compared.js";
import { acrossSittings, type LogRatio, withinRounds } from "./log-ratio.js";
import type { TimeMetric } from "./metric.js";

/** The placements in which a run took slices of a cell. */
export function placementsOf({ request }: Pick<Run, "request">, { cache }: Pick<Cell, "cache">): Placement[] {
  const { placements = [] } = request.slices ?? {};
  return placements.filter((placement) => isUseful(placement, cache, placements));
}

function placeOf(cell: Cell, placement: Placement) {
  const name = formatCell(cell);
  return { cell: name, place: `${name}, ${placement}` };
}

const valuesOf = (series: readonly { readonly value: number }[]) => series.map(({ value }) => value);

const middle = (values: readonly number[]) => (values.length === 0 ? null : median([...values]));

/** The ratios of a cell to a reference, one a round. Without a reference there are none. */
export function roundRatios(cell: Cell, reference: Cell | undefined, placement: Placement, { slices }: TimeMetric): number[] {
  return reference === undefined ? [] : valuesOf(ratiosOfRounds(cell, reference, placement, slices));
}

/** One thing under two names in the same rounds: the difference that this host makes by itself. */
function floorOf(again: Cell | undefined, first: Cell | undefined, placement: Placement, metric: TimeMetric): LogRatio | null {
  return again === undefined ? null : withinRounds(roundRatios(again, first, placement, metric));
}

/** The cells of a comparison within one run. */
interface WithinRun {
  readonly backend: string;
  readonly base: Cell;
  readonly head: Cell;
  /** Base under another name; undefined where it was not measured. */
  readonly again: Cell | undefined;
}

/** Head by base in one placement: they took turns in the same rounds. */
export function slicesWithinRun(
  { backend, base, head, again }: WithinRun,
  placement: Placement,
  metric: TimeMetric,
): ComparedSlices {
  const microseconds = (cell: Cell) => middle(valuesOf(nsOfRounds(cell, placement, metric.slices)).map((ns) => ns / 1000));
  const ratios = roundRatios(head, base, placement, metric);
  return {
    backend,
    ...placeOf(head, placement),
    metric,
    before: microseconds(base),
    now: microseconds(head),
    unit: "us",
    ratios,
    earlier: null,
    change: withinRounds(ratios),
    floor: floorOf(again, base, placement, metric),
    drift: 1,
    obstacle: null,
  };
}

/** The cells of a comparison with an earlier sitting. */
interface AcrossRuns {
  readonly now: Cell;
  readonly native: Cell | undefined;
  readonly nativeAgain: Cell | undefined;
  /** The ratios to native of the earlier sitting. */
  readonly earlier: readonly number[];
  /** Median time of an operation of native in the earlier sitting, in ns; undefined where it is not known. */
  readonly nativeNsThen: number | undefined;
  /** The reason for which the two sittings can't be compared; null where they can. */
  readonly obstacle: string | null;
}

/** The factor by which native's time differs from an earlier sitting's: a host differs from itself by as much. */
function driftOf(native: Cell | undefined, nsThen: number | undefined, placement: Placement): number {
  const ns = native === undefined ? null : middle(valuesOf(nsOfRounds(native, placement, "wall")));
  return ns === null || nsThen === undefined ? 1 : Math.max(ns / nsThen, nsThen / ns);
}

/** Now by an earlier sitting in one placement, each as its ratio to native in the same rounds. */
export function slicesAcrossRuns(
  { now, native, nativeAgain, earlier, nativeNsThen, obstacle }: AcrossRuns,
  placement: Placement,
  metric: TimeMetric,
): ComparedSlices {
  const ratios = roundRatios(now, native, placement, metric);
  return {
    backend: now.backend,
    ...placeOf(now, placement),
    metric,
    before: middle(earlier),
    now: middle(ratios),
    unit: "x native",
    ratios,
    earlier,
    change: acrossSittings(earlier, ratios),
    floor: floorOf(nativeAgain, native, placement, metric),
    drift: driftOf(native, nativeNsThen, placement),
    obstacle: obstacle ?? (earlier.length === 0 ? "the baseline does not hold it" : null),
  };
}
