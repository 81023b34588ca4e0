import type { CacheState, Cell, Evidence } from "../../results/index.js";

import { type Estimate, estimate, type InBlock, pairedRatios } from "../figures/statistics.js";
import { type PriceRow, priceRows } from "../prices/price-rows.js";

/** Which cell of the evidence is meant. */
export interface CellName {
  readonly backend: string;
  readonly pattern: "seq" | "rnd";
  readonly cache: CacheState;
  /** Default 4096. */
  readonly ioSizeBytes?: number;
  /** The mount's window where it was set. */
  readonly mountKiB?: number;
}

function isNamed({ backend, pattern, cache, ioSizeBytes = 4096, mountKiB }: CellName) {
  return (cell: Cell) =>
    cell.backend === backend &&
    cell.workload.startsWith(pattern) &&
    cell.cache === cache &&
    cell.ioSizeBytes === ioSizeBytes &&
    (cell.readahead?.mountKiB ?? undefined) === mountKiB &&
    cell.samples.some(({ figures }) => figures !== null);
}

/** The cell, from the first run that has it with figures. */
export function cellOf({ runs }: Evidence, name: CellName): Cell | null {
  for (const { cells } of runs) {
    const found = cells.find(isNamed(name));
    if (found !== undefined) return found;
  }
  return null;
}

function series(cell: Cell, pick: "throughput" | "latency"): InBlock[] {
  return cell.samples.flatMap(({ block, figures }) =>
    figures === null || figures.seconds === 0
      ? []
      : [{ block, value: pick === "throughput" ? figures.bytes / figures.seconds : figures.latencyNs.mean }],
  );
}

/** Throughput of one cell by another's in the same block; both must be of one run. */
export function throughputRatio(evidence: Evidence, name: CellName, to: CellName): Estimate | null {
  for (const { cells } of evidence.runs) {
    const [cell, reference] = [cells.find(isNamed(name)), cells.find(isNamed(to))];
    if (cell === undefined || reference === undefined) continue;
    return estimate(pairedRatios(series(cell, "throughput"), series(reference, "throughput")).map(({ value }) => value));
  }
  return null;
}

export function latencyUs(cell: Cell): Estimate | null {
  return estimate(series(cell, "latency").map(({ value }) => value / 1000));
}

/** Counts of a cell for each I/O, a value a counted run. */
export function countsPerIo(
  cell: Cell,
  pick: (figures: NonNullable<Cell["counts"][number]["figures"]>) => number | null,
): Estimate | null {
  return estimate(
    cell.counts.flatMap(({ figures }) => {
      const count = figures === null ? null : pick(figures);
      return figures === null || count === null ? [] : [count / figures.ios];
    }),
  );
}

/** The same cell as what a GiB costs in it. */
export function priceOfCell({ runs }: Evidence, name: CellName): PriceRow | null {
  for (const run of runs) {
    const cell = run.cells.find(isNamed(name));
    if (cell === undefined) continue;
    const at = run.cells.filter(({ backend }) => backend === cell.backend);
    return (
      priceRows({ ...run, cells: at }).find(
        (row) =>
          row.workload === cell.workload &&
          row.cache === cell.cache &&
          row.ioSizeBytes === cell.ioSizeBytes &&
          row.setting.mountKiB === (name.mountKiB ?? null),
      ) ?? null
    );
  }
  return null;
}
