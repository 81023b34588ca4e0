import { type BackendRole, type CacheState, type Cell, type Evidence, isSameReads } from "../../../results/index.js";
import { type Count, requestsOf } from "../../figures/count.js";
import { countedSeries } from "../../figures/per-operation.js";
import { type SeriesName, seriesOf } from "../../figures/series.js";
import { type Estimate, estimate, pairedRatios } from "../../figures/statistics.js";
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
    cell.samples.some(({ ok }) => ok);
}

/** The cell, from the first run that has it with figures. */
export function cellOf({ runs }: Evidence, name: ReadName): Cell | null {
  for (const { cells } of runs) {
    const found = cells.find(isNamed(name));
    if (found !== undefined) return found;
  }
  return null;
}

/** A figure of one cell by another's in the same block, in the first run that has both. */
export function ratioOf(evidence: Evidence, name: ReadName, to: ReadName, figure: SeriesName): Estimate | null {
  for (const { cells } of evidence.runs) {
    const [cell, reference] = [cells.find(isNamed(name)), cells.find(isNamed(to))];
    if (cell === undefined || reference === undefined) continue;
    const ratios = pairedRatios(seriesOf(cell, figure), seriesOf(reference, figure));
    return estimate(ratios.map(({ value }) => value));
  }
  return null;
}

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
