import { roundsToCome, watchedRatios } from "../reports/figures/index.js";
import { type CellKey, isSameCell, isUseful, type Placement, type Run } from "../results/index.js";
import type { SlicesToCome } from "../runners/run/index.js";

/** Rounds in which all slices are taken; the later ones have those that are not known well enough. */
const FIRST_ROUNDS = 5;

/**
 * The rounds of slices that a run still needs; null where it needs none.
 *
 * @param onUnreached called at the end, with a line for each ratio that is not as precise as was asked for
 */
export function slicesToCome(run: Run, spentSeconds: number, onUnreached: (line: string) => void): SlicesToCome | null {
  const { slices: request } = run.request;
  if (request === undefined) return null;
  const watched = watchedRatios(run, request.placements).filter(({ cell, placement }) =>
    isUseful(placement, cell.cache, request.placements),
  );
  const { rounds, open, widest, unreached } = roundsToCome(watched, request, spentSeconds);
  if (rounds === null) {
    for (const line of unreached) onUnreached(line);
    return null;
  }
  const done = Math.max(0, ...watched.map(({ tried }) => tried));
  const takesAll = request.rounds !== null || done < FIRST_ROUNDS;
  const isOpen = (key: CellKey, placement: Placement) =>
    open.some((ratio) => ratio.placement === placement && isSameCell(ratio.cell, key));
  return {
    rounds,
    wants: (key, placement) => takesAll || isOpen(key, placement),
    widest: widest === null ? null : `±${(widest.halfWidth * 100).toFixed(1)} % (${widest.name})`,
  };
}
