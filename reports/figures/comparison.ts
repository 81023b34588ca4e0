import type { BackendRecord, CacheState, Cell, Run } from "../../results/index.js";

import { type CostsPerIo, costsPerIo } from "./counts.js";
import { type PaperClass, paperClass } from "./paper-class.js";
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
  /** Whether this is the backend that the others are measured against. */
  readonly isReference: boolean;
  /** Whether this is the reference measured again under another name. */
  readonly isReferenceAgain: boolean;
  readonly operationsPerSecond: Estimate | null;
  readonly mebibytesPerSecond: Estimate | null;
  readonly meanLatencyUs: Estimate | null;
  readonly p50LatencyUs: Estimate | null;
  readonly p99LatencyUs: Estimate | null;
  /** How long the device was busy for one I/O; null where that is not known. */
  readonly deviceUs: Estimate | null;
  /** Throughput by native's in the same block; null for the reference itself, and where no block has both. */
  readonly relativeThroughput: Estimate | null;
  /** Mean latency by native's in the same block. */
  readonly relativeLatency: Estimate | null;
  /** The factor within which this workload, I/O size and cache state differ from themselves; null where it was not measured. */
  readonly noiseFloor: number | null;
  /** Whether the throughput can't be told from native's. */
  readonly isUndecided: boolean;
  /** Null where there is none to tell: for native itself, beside what can't be told from it, and of a single block. */
  readonly paperClass: PaperClass | null;
  /** The interval reaches into another class. */
  readonly isClassUncertain: boolean;
  readonly costs: CostsPerIo;
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

function series(cell: Cell, figure: (figures: NonNullable<Cell["samples"][number]["figures"]>) => number): InBlock[] {
  return cell.samples.flatMap(({ block, failure, figures }) =>
    failure !== null || figures === null || figures.seconds === 0 ? [] : [{ block, value: figure(figures) }],
  );
}

const operationsPerSecond = (cell: Cell) => series(cell, ({ ios, seconds }) => ios / seconds);
const meanLatencyNs = (cell: Cell) => series(cell, ({ latencyNs }) => latencyNs.mean);
const values = (inBlocks: readonly InBlock[]) => inBlocks.map(({ value }) => value);

/** What two cells must share to be compared: all but the backend and the mount's own readahead window. */
function groupOf(cell: Cell): string {
  return [cell.workload, cell.ioSizeBytes, cell.cache, cell.medium, cell.deviceReadaheadKiB].join(" ");
}

/** A cell without a good sample does not know the device's window: it stood in that of its like. */
function withDeviceWindow(cell: Cell, cells: readonly Cell[]): Cell {
  if (cell.deviceReadaheadKiB !== null) return cell;
  const { workload, ioSizeBytes, cache, medium } = cell;
  const like = cells.find(
    (other) =>
      other.deviceReadaheadKiB !== null &&
      other.workload === workload &&
      other.ioSizeBytes === ioSizeBytes &&
      other.cache === cache &&
      other.medium === medium,
  );
  return { ...cell, deviceReadaheadKiB: like?.deviceReadaheadKiB ?? null };
}

/**
 * The cells of a run, and an empty one for each that a stopped run did not reach: a reader sees what is missing, and every
 * group has all backends that ran.
 */
function everyCell({ cells: taken, backends }: Run): Cell[] {
  const cells = taken.map((cell) => withDeviceWindow(cell, taken));
  const ran = backends.filter(({ unavailable }) => unavailable === null).map(({ name }) => name);
  return [...groupBy(cells, groupOf).values()].flatMap((group) => {
    const missing = ran.filter((name) => !group.some(({ backend }) => backend === name));
    return [...group, ...missing.map((backend) => ({ ...group[0]!, backend, readaheadKiB: null, samples: [], counts: [] }))];
  });
}

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
  const kindOf = new Map(run.backends.map(({ name, kind }) => [name, kind]));
  const natives = run.backends.filter(({ kind }) => kind === "native").map(({ name }) => name);
  const [reference, ...again] = natives;
  const cells = everyCell(run);
  const cellsOf = (backend: string | undefined) => cells.filter((cell) => cell.backend === backend);
  const referenceOf = new Map(cellsOf(reference).map((cell) => [groupOf(cell), cell]));

  /** A cell's figure by the reference's, in blocks that have both. */
  const relative = (cell: Cell, figure: (cell: Cell) => InBlock[]): Estimate | null => {
    const native = referenceOf.get(groupOf(cell));
    if (native === undefined || native === cell) return null;
    return estimate(values(pairedRatios(figure(cell), figure(native))));
  };
  const floors = new Map(
    again.flatMap(cellsOf).flatMap((cell) => {
      const ratio = relative(cell, operationsPerSecond);
      return ratio === null ? [] : [[groupOf(cell), noiseFloor(ratio)] as const];
    }),
  );

  const rowOf = (cell: Cell): ComparisonRow => {
    const kind = kindOf.get(cell.backend) ?? "command";
    const relativeThroughput = relative(cell, operationsPerSecond);
    const floor = floors.get(groupOf(cell)) ?? null;
    const undecided = relativeThroughput !== null && isUndecided(relativeThroughput, floor ?? 1);
    return {
      backend: cell.backend,
      kind,
      workload: cell.workload,
      ioSizeBytes: cell.ioSizeBytes,
      cache: cell.cache,
      medium: cell.medium,
      readaheadKiB: cell.readaheadKiB,
      deviceReadaheadKiB: cell.deviceReadaheadKiB,
      isReference: cell.backend === reference,
      isReferenceAgain: again.includes(cell.backend),
      operationsPerSecond: estimate(values(operationsPerSecond(cell))),
      mebibytesPerSecond: estimate(values(series(cell, ({ bytes, seconds }) => bytes / seconds / 1024 ** 2))),
      meanLatencyUs: estimate(values(series(cell, ({ latencyNs }) => latencyNs.mean / 1000))),
      p50LatencyUs: estimate(values(series(cell, ({ latencyNs }) => latencyNs.p50 / 1000))),
      p99LatencyUs: estimate(values(series(cell, ({ latencyNs }) => latencyNs.p99 / 1000))),
      deviceUs: estimate(
        cell.samples.flatMap(({ figures }) =>
          figures?.deviceReads == null ? [] : [(figures.deviceReads.seconds * 1e6) / figures.ios],
        ),
      ),
      relativeThroughput,
      relativeLatency: relative(cell, meanLatencyNs),
      noiseFloor: floor,
      isUndecided: undecided,
      ...classOf(kind === "native" || undecided ? null : relativeThroughput),
      costs: costsPerIo(cell, kind),
      failedSamples: [...cell.samples, ...cell.counts].filter(({ failure }) => failure !== null).length,
      outliers: outliers(operationsPerSecond(cell)),
      cell,
    };
  };

  const backends = run.backends.map(({ name }) => name);
  const workloads = [...new Set(cells.map(({ workload }) => workload))];
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

/** Things by their key, in the order of their first. */
export function groupBy<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => string): Map<string, Thing[]> {
  const found = new Map<string, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    found.set(key, [...(found.get(key) ?? []), thing]);
  }
  return found;
}
