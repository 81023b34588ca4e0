import { AS_FOUND, type Cell, type CellKey, isAsFound, isUseful, type Placement, type Run } from "../../results/index.js";
import { groupOf, measuredCells } from "./every-cell.js";
import { formatCell } from "./formats.js";
import { groupBy } from "./group-by.js";
import { ratiosOfRounds, roundsIn } from "./slices.js";

/** The ratio of two cells in one placement, whose precision a run watches. */
export interface WatchedRatio {
  /** The cell, with its backend and the placement. */
  readonly name: string;
  readonly cell: CellKey;
  readonly placement: Placement;
  /** True where no other cell has the same operations: there is no ratio to know. */
  readonly isAlone: boolean;
  /** The wall time of an operation by the other cell's: a value for each round that has both. */
  readonly ratios: readonly number[];
  /** The rounds that were tried, failed ones included. */
  readonly tried: number;
  /** The failure of the last round that failed; null where none did. */
  readonly failure: string | null;
}

/** @param reference null for a cell that is alone */
function watchedRatio(cell: Cell, reference: Cell | null, placement: Placement): WatchedRatio {
  const rounds = [cell, ...(reference === null ? [] : [reference])].flatMap((one) => roundsIn(one, placement));
  const failures = rounds.flatMap((round) => (round.ok ? [] : [round.failure]));
  return {
    name: `${cell.backend} ${formatCell(cell)}, ${placement}`,
    cell,
    placement,
    isAlone: reference === null,
    ratios: reference === null ? [] : ratiosOfRounds(cell, reference, placement, "wall").map(({ value }) => value),
    tried: new Set(rounds.map(({ round }) => round)).size,
    failure: failures.at(-1) ?? null,
  };
}

/** The cell that the others of its group are compared with: native, or else the first with readahead as found. */
function referenceOf(group: readonly Cell[]): Cell {
  const native = group.find(({ role }) => role === "reference");
  return native ?? group.find(({ readahead }) => isAsFound(readahead ?? AS_FOUND)) ?? group[0]!;
}

/** The ratios that a run watches: of all cells in those of the given placements that their cache state has. */
export function watchedRatios(run: Pick<Run, "cells">, placements: readonly Placement[]): WatchedRatio[] {
  return [...groupBy(measuredCells(run), groupOf).values()].flatMap((group) => {
    const reference = referenceOf(group);
    const isAlone = group.length === 1;
    return group.flatMap((cell) => {
      if (cell === reference && !isAlone) return [];
      const useful = placements.filter((placement) => isUseful(placement, cell.cache, placements));
      return useful.map((placement) => watchedRatio(cell, isAlone ? null : reference, placement));
    });
  });
}
