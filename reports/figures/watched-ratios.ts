import { type Cell, type CellKey, isUseful, type Placement, type Run } from "../../results/index.js";
import { groupOf, measuredCells, referencesOf } from "./every-cell.js";
import { formatCell } from "./formats.js";
import { ratiosOfRounds, roundsIn } from "./slices.js";

/** The ratio of two cells in one placement, whose precision a run watches. */
export interface WatchedRatio {
  /** The cell, with its backend and the placement. */
  readonly name: string;
  readonly cell: CellKey;
  readonly placement: Placement;
  /** The wall time of an operation by the other cell's: a value for each round that has both. */
  readonly ratios: readonly number[];
  /** The rounds that were tried, failed ones included. */
  readonly tried: number;
  /** The failure of the last round that failed; null where none did. */
  readonly failure: string | null;
}

/** The ratio of a cell to another one in a placement. */
function watchedRatio(cell: Cell, reference: Cell, placement: Placement): WatchedRatio {
  const rounds = [cell, reference].flatMap((one) => roundsIn(one, placement));
  const failures = rounds.flatMap((round) => (round.ok ? [] : [round.failure]));
  return {
    name: `${cell.backend} ${formatCell(cell)}, ${placement}`,
    cell,
    placement,
    ratios: ratiosOfRounds(cell, reference, placement, "wall").map(({ value }) => value),
    tried: new Set(rounds.map(({ round }) => round)).size,
    failure: failures.at(-1) ?? null,
  };
}

/** The ratios to native of all cells, in those of the given placements that their cache state has. */
export function ratiosToNative(run: Pick<Run, "cells">, placements: readonly Placement[]): WatchedRatio[] {
  const cells = measuredCells(run);
  const references = referencesOf(cells);
  return cells.flatMap((cell) => {
    const native = references.get(groupOf(cell));
    if (native === undefined || native === cell) return [];
    const useful = placements.filter((placement) => isUseful(placement, cell.cache, placements));
    return useful.map((placement) => watchedRatio(cell, native, placement));
  });
}
