import { type BackendRole, type CacheState, type Cell, type Evidence, isSameReads, type Run } from "../../../results/index.js";
import { type Count, requestsOf } from "../../figures/count.js";
import { countedSeries } from "../../figures/per-operation.js";
import { placementOrders } from "../../figures/placed-rows.js";
import { ratioByFio, roundsEndOf } from "../../figures/relative-figures.js";
import { estimateOfRounds, inverse } from "../../figures/round-estimate.js";
import { type SeriesName, seriesOf } from "../../figures/series.js";
import { ratiosOfRounds, type SliceTime, tookTurns } from "../../figures/slices.js";
import { type Estimate, estimate } from "../../figures/statistics.js";
import { type PriceRow, priceRows } from "../../prices/price-rows.js";

/** A cell of the evidence. */
export interface ReadName {
  /** By its name, or by its role where that tells one from another. */
  readonly backend: string | { readonly role: BackendRole };
  readonly pattern: "seq" | "rnd";
  readonly cache: CacheState;
  /** Default 4096. */
  readonly ioSizeBytes?: number;
  /** The mount's window where it was set. */
  readonly mountKiB?: number;
}

/** Reads that no readahead helps, of a file in memory: they show the software alone. */
export const randomWarm = { pattern: "rnd", cache: "warm" } as const;

/** Sequential reads through FUSE with the mount's window as found, and with the window off. */
export const sequentialFuse = { backend: "fuse", pattern: "seq", cache: "warm" } as const;
export const windowOff = { ...sequentialFuse, mountKiB: 0 } as const;

/** Both patterns, cold and warm. */
export const reads = (["rnd", "seq"] as const).flatMap((pattern) =>
  (["cold", "warm"] as const).map((cache) => ({ pattern, cache })),
);

function isNamed({ backend, pattern, cache, ioSizeBytes = 4096, mountKiB }: ReadName) {
  return (cell: Cell) =>
    (typeof backend === "string" ? cell.backend === backend : cell.role === backend.role) &&
    cell.workload.startsWith(pattern) &&
    cell.cache === cache &&
    cell.ioSizeBytes === ioSizeBytes &&
    (cell.readahead?.mountKiB ?? undefined) === mountKiB &&
    (cell.samples.some(({ ok }) => ok) || cell.slices.some(({ rounds }) => rounds.some(({ ok }) => ok)));
}

/** The cell, from the first run that has it with figures. */
export function cellOf({ runs }: Evidence, name: ReadName): Cell | null {
  for (const { cells } of runs) {
    const found = cells.find(isNamed(name));
    if (found !== undefined) return found;
  }
  return null;
}

/** The ratios of two cells in time, as slices have them. */
const sliceTimes: Readonly<Partial<Record<SeriesName, SliceTime>>> = { bytesPerSecond: "wall", cpuNsPerOperation: "cpu" };

/**
 * A ratio by slices: in the placement that users meet, or the first of the others in which both cells took turns. Null where none
 * is.
 */
function ratioBySlices(run: Run, cell: Cell, reference: Cell, figure: SeriesName): Estimate | null {
  const time = sliceTimes[figure];
  if (time === undefined || !tookTurns(cell, reference)) return null;
  const byPlacement = placementOrders.users.map((placement) => ratiosOfRounds(cell, reference, placement, time));
  const ratios = byPlacement.find(({ length }) => length > 0) ?? [];
  const ratio = estimateOfRounds(
    ratios.map(({ value }) => value),
    roundsEndOf(run),
  );
  return ratio === null || time === "cpu" ? ratio : inverse(ratio);
}

/** A figure of one cell by another's in the same turns, or else in the same block, in the first run that has both. */
export function ratioOf(evidence: Evidence, name: ReadName, to: ReadName, figure: SeriesName): Estimate | null {
  for (const run of evidence.runs) {
    const [cell, reference] = [run.cells.find(isNamed(name)), run.cells.find(isNamed(to))];
    if (cell === undefined || reference === undefined) continue;
    return ratioBySlices(run, cell, reference, figure) ?? ratioByFio(cell, reference, figure);
  }
  return null;
}

/** Throughput of one cell by another's; the operations of both are of one size. */
export function throughputRatio(evidence: Evidence, name: ReadName, to: ReadName): Estimate | null {
  return ratioOf(evidence, name, to, "bytesPerSecond");
}

/** The mean latency of a cell, over its blocks. */
export function latencyUs(evidence: Evidence, name: ReadName): Estimate | null {
  const cell = cellOf(evidence, name);
  return cell === null ? null : estimate(seriesOf(cell, "meanLatencyNs").map(({ value }) => value / 1000));
}

/** A count of one operation of a cell, over its counted runs. */
export function countIn(cell: Cell, count: Count): Estimate | null {
  return estimate(countedSeries(cell, count).map(({ value }) => value));
}

/** READ requests for one read of a cell. */
export function readRequests(evidence: Evidence, name: ReadName): Estimate | null {
  const cell = cellOf(evidence, name);
  return cell === null ? null : countIn(cell, requestsOf("READ"));
}

/** The cost of a GiB in the same cell. */
export function priceOfCell({ runs }: Evidence, name: ReadName): PriceRow | null {
  for (const run of runs) {
    const cell = run.cells.find(isNamed(name));
    if (cell === undefined) continue;
    const at = run.cells.filter(({ backend }) => backend === cell.backend);
    return (
      priceRows({ ...run, cells: at }).find(
        (row) => isSameReads(row, cell) && row.setting.mountKiB === (name.mountKiB ?? null),
      ) ?? null
    );
  }
  return null;
}
