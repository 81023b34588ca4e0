import { median } from "simple-statistics";
import { type Cell, type CellKey, isSameReads, type Placement, type SliceRound, type TakenRound } from "../../results/index.js";

/** A figure and the round that it was measured in. */
export interface InRound {
  readonly round: number;
  readonly value: number;
}

/** The times of an operation that slices have: wall time, and CPU time of reader and daemon. */
export type SliceTime = "wall" | "cpu";

const NO_TURNS: readonly null[] = [];

/** A time of 0 is none: the clock, or the reader's own cost that is taken out, is too coarse for it. */
const isTime = (ns: number | null | undefined): ns is number => typeof ns === "number" && ns > 0;

function turnsOf(round: TakenRound, time: SliceTime): readonly (number | null)[] {
  return time === "wall" ? round.nsPerOperation : (round.cpuNsPerOperation ?? NO_TURNS);
}

/** True for cells whose slices of one round and placement were taken in turn: the same reads, with one window of the device. */
export function tookTurns(cell: CellKey, other: CellKey): boolean {
  return isSameReads(cell, other) && (cell.readahead?.deviceKiB ?? null) === (other.readahead?.deviceKiB ?? null);
}

/** The rounds of a cell in one placement, failed ones included. */
export function roundsIn({ slices }: Pick<Cell, "slices">, placement: Placement): SliceRound[] {
  return slices.flatMap((placed) => (placed.placement === placement ? placed.rounds : []));
}

/** The rounds of a cell in one placement that succeeded. */
export function takenRounds(cell: Pick<Cell, "slices">, placement: Placement): TakenRound[] {
  return roundsIn(cell, placement).filter((round) => round.ok);
}

/** The times of one operation in ns, a value for each round: the median of its turns. A round without one is left out. */
export function nsOfRounds(cell: Pick<Cell, "slices">, placement: Placement, time: SliceTime): InRound[] {
  return takenRounds(cell, placement).flatMap((round) => {
    const times = turnsOf(round, time).filter(isTime);
    return times.length === 0 ? [] : [{ round: round.round, value: median(times) }];
  });
}

/**
 * The time of an operation by a reference's, a ratio for each round: the median over the turns that both took. Slices of one turn
 * are neighbours in time, so noise that lasts longer than a turn falls on both. A round without such a turn is left out.
 */
export function ratiosOfRounds(
  cell: Pick<Cell, "slices">,
  reference: Pick<Cell, "slices">,
  placement: Placement,
  time: SliceTime,
): InRound[] {
  const references = new Map(takenRounds(reference, placement).map((round) => [round.round, turnsOf(round, time)]));
  return takenRounds(cell, placement).flatMap((round) => {
    const divisors = references.get(round.round) ?? NO_TURNS;
    const ratios = turnsOf(round, time).flatMap((ns, turn) => {
      const divisor = divisors[turn];
      return isTime(ns) && isTime(divisor) ? [ns / divisor] : [];
    });
    return ratios.length === 0 ? [] : [{ round: round.round, value: median(ratios) }];
  });
}
