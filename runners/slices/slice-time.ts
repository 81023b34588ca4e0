/** The time that one slice should last: longer than what a turn's first operations cost more, shorter than a neighbour's noise. */
const SLICE_MS = 3;

/** The same for several readers: the threads need a part of it to wake up. */
const SLICE_OF_MANY_MS = 20;

/** The same for files that are not cached: a disk's own noise is slower. */
const COLD_SLICE_MS = 6;

/** The slices of one group in one round and placement take this long, all backends together. */
const GROUP_MS = 1000;

const LEAST_TURNS = 12;
const MOST_TURNS = 400;

/** The time that one slice should last, in ms. */
export function sliceMsOf(readers: number, cache: "cold" | "warm" | "hot"): number {
  if (readers > 1) return SLICE_OF_MANY_MS;
  return cache === "cold" ? COLD_SLICE_MS : SLICE_MS;
}

/** The turns of one group in one round and placement. */
export function turnsOf(msPerTurn: number): number {
  return Math.min(MOST_TURNS, Math.max(LEAST_TURNS, Math.round(GROUP_MS / Math.max(msPerTurn, 0.1))));
}
