import type { BackendRecord, BackendRole, CacheState, Cell, Run } from "../../results/index.js";

import { type Costs, costsOf } from "./costs.js";
import { everyCell, groupOf, referencesOf } from "./every-cell.js";
import { groupBy } from "./group-by.js";
import { type PaperClass, paperClass } from "./paper-class.js";
import { failuresIn } from "./samples.js";
import { type SeriesName, seriesOf } from "./series.js";
import { type Estimate, estimate, type InBlock, isUndecided, noiseFloor, outliers, pairedRatios } from "./statistics.js";

/** One cell of a run as a reader wants it: its figures, and how they stand to native's. */
export interface ComparisonRow {
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
  /** Throughput by native's in the same block; null for the reference itself, and where no block has both. */
  readonly relativeThroughput: Estimate | null;
  /** Mean latency by native's in the same block. */
  readonly relativeLatency: Estimate | null;
  /** The factor within which this workload, I/O size and cache state differ from themselves; null where it was not measured. */
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

const estimateOf = (cell: Cell, name: SeriesName, unit = 1) => estimate(seriesOf(cell, name).map(({ value }) => value / unit));
const [US, MIB] = [1000, 1024 ** 2];

/** The class of a ratio that can be told from 1. A single block has no interval, so no class either. */
function classOf(ratio: Estimate | null): Pick<ComparisonRow, "paperClass" | "isClassUncertain"> {
  if (ratio === null || ratio.n === 1) return { paperClass: null, isClassUncertain: false };
  const { median, interval } = ratio;
  return { paperClass: paperClass(median), isClassUncertain: paperClass(interval.low) !== paperClass(interval.high) };
}

/**
 * Compares every cell of a run with native: the first backend of that kind. Failed samples are left out of the figures and
 * counted; outliers stay in. A second native backend gives the noise floor.
 */
export function compare(run: Run): Comparison {
  const cells = everyCell(run);
  const cellsOf = (role: BackendRole) => cells.filter((cell) => cell.role === role);
  const referenceOf = referencesOf(cells);

  /** A cell's figure by the reference's, in blocks that have both. */
  const relative = (cell: Cell, name: SeriesName): Estimate | null => {
    const native = referenceOf.get(groupOf(cell));
    if (native === undefined || native === cell) return null;
    return estimate(pairedRatios(seriesOf(cell, name), seriesOf(native, name)).map(({ value }) => value));
  };
  /** The noise floor of a figure, by what is compared. */
  const floorsOf = (name: SeriesName) =>
    new Map(
      cellsOf("reference again").flatMap((cell) => {
        const ratio = relative(cell, name);
        return ratio === null ? [] : [[groupOf(cell), noiseFloor(ratio)] as const];
      }),
    );
  const [floors, latencyFloors] = [floorsOf("operationsPerSecond"), floorsOf("meanLatencyNs")];
  const isWithin = (ratio: Estimate | null, floor: number | undefined) => ratio !== null && isUndecided(ratio, floor ?? 1);

  const rowOf = (cell: Cell): ComparisonRow => {
    const { kind } = cell;
    const relativeThroughput = relative(cell, "operationsPerSecond");
    const relativeLatency = relative(cell, "meanLatencyNs");
    const floor = floors.get(groupOf(cell));
    const undecided = isWithin(relativeThroughput, floor);
    return {
      backend: cell.backend,
      kind,
      workload: cell.workload,
      ioSizeBytes: cell.ioSizeBytes,
      cache: cell.cache,
      medium: cell.medium,
      readaheadKiB: cell.readaheadKiB,
      deviceReadaheadKiB: cell.deviceReadaheadKiB,
      isReference: cell.role === "reference",
      isReferenceAgain: cell.role === "reference again",
      operationsPerSecond: estimateOf(cell, "operationsPerSecond"),
      mebibytesPerSecond: estimateOf(cell, "bytesPerSecond", MIB),
      meanLatencyUs: estimateOf(cell, "meanLatencyNs", US),
      p50LatencyUs: estimateOf(cell, "p50LatencyNs", US),
      p99LatencyUs: estimateOf(cell, "p99LatencyNs", US),
      deviceUs: estimateOf(cell, "deviceNsPerOperation", US),
      relativeThroughput,
      relativeLatency,
      noiseFloor: floor ?? null,
      isUndecided: undecided,
      isLatencyUndecided: isWithin(relativeLatency, latencyFloors.get(groupOf(cell))),
      ...classOf(kind === "native" || undecided ? null : relativeThroughput),
      costs: costsOf(cell),
      failedSamples: failuresIn(cell).length,
      outliers: outliers(seriesOf(cell, "operationsPerSecond")),
      cell,
    };
  };

  const backends = run.backends.map(({ name }) => name);
  // As they were asked for: the cells come in the order in which they were drawn.
  const workloads = [...new Set([...run.request.workloads, ...cells.map(({ workload }) => workload)])];
  const place = (cell: Cell) => [
    workloads.indexOf(cell.workload),
    caches.indexOf(cell.cache),
    cell.ioSizeBytes,
    backends.indexOf(cell.backend),
    cell.readaheadKiB ?? 0,
  ];
  const rows = cells.toSorted((a, b) => firstDifference(place(a), place(b))).map(rowOf);
  return { run, rows };
}

function firstDifference(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : a[at]! - b[at]!;
}

/** The rows that are compared with one another: one workload, I/O size and cache state, in the order of the table. */
export function groups(rows: readonly ComparisonRow[]): ComparisonRow[][] {
  return [...groupBy(rows, ({ cell }) => groupOf(cell)).values()];
}
