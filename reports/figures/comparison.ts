import { type BackendRecord, type CacheState, type Cell, type Placement, placements, type Run } from "../../results/index.js";

import { type Costs, costsOf } from "./costs.js";
import { everyCell, groupOf, referencesOf } from "./every-cell.js";
import { groupBy } from "./group-by.js";
import { type PaperClass, paperClass } from "./paper-class.js";
import { type RelativeFigures, relativeByFio, relativeBySlices, roundsEndOf } from "./relative-figures.js";
import { failuresIn } from "./samples.js";
import { type SeriesName, seriesOf } from "./series.js";
import { roundsIn } from "./slices.js";
import { type Estimate, estimate, type InBlock, isUndecided, noiseFloor, outliers } from "./statistics.js";

/**
 * One cell of a run in one placement as a reader wants it: its figures, and how they stand to native's. A cell without slices has a
 * single row, with the ratios of fio's samples.
 */
export interface ComparisonRow extends RelativeFigures {
  readonly backend: string;
  readonly kind: BackendRecord["kind"];
  readonly workload: string;
  readonly ioSizeBytes: number;
  readonly cache: CacheState;
  readonly medium: string;
  readonly readaheadKiB: number | null;
  readonly deviceReadaheadKiB: number | null;
  /** The backend that the others are measured against. */
  readonly isReference: boolean;
  /** The reference measured again under another name. */
  readonly isReferenceAgain: boolean;
  readonly operationsPerSecond: Estimate | null;
  readonly mebibytesPerSecond: Estimate | null;
  readonly meanLatencyUs: Estimate | null;
  readonly p50LatencyUs: Estimate | null;
  readonly p99LatencyUs: Estimate | null;
  /** The device's time for one operation; null where that is not known. */
  readonly deviceUs: Estimate | null;
  /**
   * True in one row of each cell: fio's figures, of its samples and their counts, stand in it alone. It is the row of the
   * scheduler's placement, where fio runs too, or else the cell's first.
   */
  readonly hasSamples: boolean;
  /** The factor within which this workload, I/O size, cache state and placement differ from themselves; null: not measured. */
  readonly noiseFloor: number | null;
  /** True where the throughput can't be told from native's. */
  readonly isUndecided: boolean;
  /** True where the mean latency can't be told from native's. Of several readers the two may differ. */
  readonly isLatencyUndecided: boolean;
  /** Null where there is none to tell: for native itself, beside what can't be told from it, and of a single block. */
  readonly paperClass: PaperClass | null;
  /** The interval reaches into another class. */
  readonly isClassUncertain: boolean;
  readonly costs: Costs;
  readonly failedSamples: number;
  /** Operations per second far from the others of this cell. They are in every figure above. */
  readonly outliers: readonly InBlock[];
  readonly cell: Cell;
}

/** A run, compared. */
export interface Comparison {
  readonly run: Run;
  readonly rows: readonly ComparisonRow[];
}

const caches: readonly CacheState[] = ["cold", "warm", "hot"];

/** fio's figures of a cell. */
type SampleFigures = Pick<
  ComparisonRow,
  | "operationsPerSecond"
  | "mebibytesPerSecond"
  | "meanLatencyUs"
  | "p50LatencyUs"
  | "p99LatencyUs"
  | "deviceUs"
  | "failedSamples"
  | "outliers"
>;

const [US, MIB] = [1000, 1024 ** 2];

const noSamples: SampleFigures = {
  operationsPerSecond: null,
  mebibytesPerSecond: null,
  meanLatencyUs: null,
  p50LatencyUs: null,
  p99LatencyUs: null,
  deviceUs: null,
  failedSamples: 0,
  outliers: [],
};

function sampleFigures(cell: Cell): SampleFigures {
  const estimateOf = (name: SeriesName, unit = 1) => estimate(seriesOf(cell, name).map(({ value }) => value / unit));
  return {
    operationsPerSecond: estimateOf("operationsPerSecond"),
    mebibytesPerSecond: estimateOf("bytesPerSecond", MIB),
    meanLatencyUs: estimateOf("meanLatencyNs", US),
    p50LatencyUs: estimateOf("p50LatencyNs", US),
    p99LatencyUs: estimateOf("p99LatencyNs", US),
    deviceUs: estimateOf("deviceNsPerOperation", US),
    failedSamples: failuresIn(cell).length,
    outliers: outliers(seriesOf(cell, "operationsPerSecond")),
  };
}

/** The class of a ratio that can be told from 1. A single block has no interval, so no class either. */
function classOf(ratio: Estimate | null): Pick<ComparisonRow, "paperClass" | "isClassUncertain"> {
  if (ratio === null || ratio.n === 1) return { paperClass: null, isClassUncertain: false };
  const { median, interval } = ratio;
  return { paperClass: paperClass(median), isClassUncertain: paperClass(interval.low) !== paperClass(interval.high) };
}

/** The placements in which a group of cells took slices: each cell has a row in all of them, and what failed is seen. */
function placementsOf(cells: readonly Cell[]): readonly (Placement | null)[] {
  const found = placements.filter((placement) => cells.some((cell) => roundsIn(cell, placement).length > 0));
  return found.length === 0 ? [null] : found;
}

/** A cell with its figures by native's, in one placement. */
interface Placed {
  readonly cell: Cell;
  readonly relative: RelativeFigures;
  readonly hasSamples: boolean;
}

const floorKey = ({ cell, relative }: Placed) => `${groupOf(cell)} ${relative.placement}`;

/** The noise floors of a figure, by what is compared: of native under its second name. */
function floorsOf(placed: readonly Placed[], name: "relativeThroughput" | "relativeLatency"): Map<string, number> {
  const again = placed.filter(({ cell }) => cell.role === "reference again");
  return new Map(
    again.flatMap((one) => {
      const ratio = one.relative[name];
      return ratio === null ? [] : [[floorKey(one), noiseFloor(ratio)] as const];
    }),
  );
}

const isWithin = (ratio: Estimate | null, floor: number | undefined) => ratio !== null && isUndecided(ratio, floor ?? 1);

/** Each cell in each placement in which cells like it took slices, with its figures by native's. */
function placedCells(run: Run, cells: readonly Cell[]): Placed[] {
  const references = referencesOf(cells);
  const placementsByGroup = new Map([...groupBy(cells, groupOf)].map(([group, like]) => [group, placementsOf(like)]));
  const end = roundsEndOf(run);
  return cells.flatMap((cell) => {
    const native = references.get(groupOf(cell));
    const found = placementsByGroup.get(groupOf(cell))!;
    const ofSamples = found.find((placement) => placement === "scheduler") ?? found[0];
    return found.map((placement) => ({
      cell,
      relative: placement === null ? relativeByFio(cell, native) : relativeBySlices(cell, native, placement, end),
      hasSamples: placement === ofSamples,
    }));
  });
}

/**
 * Compares every cell of a run with native: the first backend of that kind. Ratios are those of slices, in each placement, or of
 * fio's samples where no slices were taken. Failed samples are left out of the figures and counted; outliers stay in. A second
 * native backend gives the noise floor.
 */
export function compare(run: Run): Comparison {
  const cells = everyCell(run);
  const placed = placedCells(run, cells.toSorted(byPlaceIn(run, cells)));
  const [floors, latencyFloors] = [floorsOf(placed, "relativeThroughput"), floorsOf(placed, "relativeLatency")];
  const rowOf = (one: Placed): ComparisonRow => {
    const { cell, relative, hasSamples } = one;
    const floor = floors.get(floorKey(one));
    const undecided = isWithin(relative.relativeThroughput, floor);
    return {
      backend: cell.backend,
      kind: cell.kind,
      workload: cell.workload,
      ioSizeBytes: cell.ioSizeBytes,
      cache: cell.cache,
      medium: cell.medium,
      readaheadKiB: cell.readaheadKiB,
      deviceReadaheadKiB: cell.deviceReadaheadKiB,
      isReference: cell.role === "reference",
      isReferenceAgain: cell.role === "reference again",
      hasSamples,
      ...(hasSamples ? sampleFigures(cell) : noSamples),
      ...relative,
      noiseFloor: floor ?? null,
      isUndecided: undecided,
      isLatencyUndecided: isWithin(relative.relativeLatency, latencyFloors.get(floorKey(one))),
      ...classOf(cell.kind === "native" || undecided ? null : relative.relativeThroughput),
      costs: costsOf(cell),
      cell,
    };
  };
  return { run, rows: placed.map(rowOf) };
}

/** The order of the table: the cells come in the order in which they were drawn. */
function byPlaceIn(run: Run, cells: readonly Cell[]): (a: Cell, b: Cell) => number {
  const backends = run.backends.map(({ name }) => name);
  const workloads = [...new Set([...run.request.workloads, ...cells.map(({ workload }) => workload)])];
  const place = (cell: Cell) => [
    workloads.indexOf(cell.workload),
    caches.indexOf(cell.cache),
    cell.ioSizeBytes,
    backends.indexOf(cell.backend),
    cell.readaheadKiB ?? 0,
  ];
  return (a, b) => firstDifference(place(a), place(b));
}

function firstDifference(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : a[at]! - b[at]!;
}

/** The rows that are compared with one another: one workload, I/O size and cache state, in the order of the table. */
export function groups(rows: readonly ComparisonRow[]): ComparisonRow[][] {
  return [...groupBy(rows, ({ cell }) => groupOf(cell)).values()];
}
