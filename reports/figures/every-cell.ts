import { type Cell, emptyCell, isSameReads, type Run, readsKey } from "../../results/index.js";
import { groupBy } from "./group-by.js";

/** Two cells are compared where they share all but the backend and the mount's own readahead window. */
export function groupOf(cell: Cell): string {
  return [readsKey(cell), cell.medium, cell.deviceReadaheadKiB].join(" ");
}

/** A cell without a good sample does not know the device's window: it stood in that of its like. */
function withDeviceWindow(cell: Cell, cells: readonly Cell[]): Cell {
  if (cell.deviceReadaheadKiB !== null) return cell;
  const like = cells.find(
    (other) => other.deviceReadaheadKiB !== null && isSameReads(other, cell) && other.medium === cell.medium,
  );
  return { ...cell, deviceReadaheadKiB: like?.deviceReadaheadKiB ?? null };
}

/** The cells of a run, each with the window of the device. */
export function measuredCells({ cells }: Pick<Run, "cells">): Cell[] {
  return cells.map((cell) => withDeviceWindow(cell, cells));
}

/**
 * The cells of a run, and an empty one for each that a stopped run did not reach: a reader sees what is missing, and every
 * group has all backends that ran.
 */
export function everyCell(run: Run): Cell[] {
  const ran = run.backends.filter(({ unavailable }) => unavailable === null).map(({ name }) => name);
  return [...groupBy(measuredCells(run), groupOf).values()].flatMap((group) => {
    const missing = ran.filter((name) => !group.some(({ backend }) => backend === name));
    const { deviceReadaheadKiB, medium, ...key } = group[0]!;
    const { workload, ioSizeBytes, cache, readahead } = key;
    const like = missing.map((backend) => emptyCell(run, { backend, workload, ioSizeBytes, cache, readahead }));
    return [...group, ...like.map((cell) => ({ ...cell, deviceReadaheadKiB, medium }))];
  });
}

/** The native cells of some cells, by the group that they are the reference of. */
export function referencesOf(cells: readonly Cell[]): Map<string, Cell> {
  return new Map(cells.filter(({ role }) => role === "reference").map((cell) => [groupOf(cell), cell]));
}
