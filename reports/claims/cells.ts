import { type BackendRole, type CacheState, type Cell, type Evidence, isSameReads } from "../../results/index.js";
import type { Count } from "../figures/count.js";
import { countedSeries } from "../figures/per-operation.js";
import { seriesOf } from "../figures/series.js";
import { type Estimate, estimate, pairedRatios } from "../figures/statistics.js";
import { type PriceRow, priceRows } from "../prices/price-rows.js";

/** A cell of the evidence. */
export interface CellName {
  /** By its name, or by its role where that tells one from another. */
  readonly backend: string | { readonly role: BackendRole };
  readonly pattern: "seq" | "rnd";
  readonly cache: CacheState;
  /** Default 4096. */
  readonly ioSizeBytes?: number;
  /** The mount's window where it was set. */
  readonly mountKiB?: number;
}

function isNamed({ backend, pattern, cache, ioSizeBytes = 4096, mountKiB }: CellName) {
  return (cell: Cell) =>
    (typeof backend === "string" ? cell.backend === backend : cell.role === backend.role) &&
    cell.workload.startsWith(pattern) &&
    cell.cache === cache &&
    cell.ioSizeBytes === ioSizeBytes &&
    (cell.readahead?.mountKiB ?? undefined) === mountKiB &&
    cell.samples.some(({ ok }) => ok);
}

/** The cell, from the first run that has it with figures. */
export function cellOf({ runs }: Evidence, name: CellName): Cell | null {
  for (const { cells } of runs) {
    const found = cells.find(isNamed(name));
    if (found !== undefined) return found;
  }
  return null;
}

/** Throughput of one cell by another's in the same block; both must be of one run. */
export function throughputRatio(evidence: Evidence, name: CellName, to: CellName): Estimate | null {
  for (const { cells } of evidence.runs) {
    const [cell, reference] = [cells.find(isNamed(name)), cells.find(isNamed(to))];
    if (cell === undefined || reference === undefined) continue;
    return estimate(
      pairedRatios(seriesOf(cell, "bytesPerSecond"), seriesOf(reference, "bytesPerSecond")).map(({ value }) => value),
    );
  }
  return null;
}

export function latencyUs(cell: Cell): Estimate | null {
  return estimate(seriesOf(cell, "meanLatencyNs").map(({ value }) => value / 1000));
}

/** A count of one operation of a cell, over its counted runs. */
export function counted(cell: Cell, count: Count): Estimate | null {
  return estimate(countedSeries(cell, count).map(({ value }) => value));
}

/** The cost of a GiB in the same cell. */
export function priceOfCell({ runs }: Evidence, name: CellName): PriceRow | null {
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
