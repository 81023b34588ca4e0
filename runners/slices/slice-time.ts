import type { SliceJob } from "./reader/protocol.js";

/**
 * The time that one slice should last. `npm run slices:study -- --lengths` prints the evidence: a thing by itself spreads least in the
 * shortest slices, and already in those the first quarter is as fast as the last, so that the turn-taking itself does not show.
 */
const SLICE_MS = 0.5;

/** The same for a sequential reader: in a longer slice the parts of the file that it meets differ less. */
const SEQUENTIAL_SLICE_MS = 1;

/** The same for several readers: the threads need a part of it to wake up. */
const SLICE_OF_MANY_MS = 10;

/** The same for files that are not cached: one slice must have enough operations of a disk. */
const COLD_SLICE_MS = 3;

/**
 * The slices of one group in one round and placement take this long, all backends together. A round is short, since mounts differ
 * by more than slices do: time is better spent on the next round.
 */
const GROUP_MS = 300;

const LEAST_TURNS = 12;
/** More turns would make results large. */
const MOST_TURNS = 200;

/** The time that one slice should last, in ms. */
export function sliceMsOf({ readers, cache, pattern }: Pick<SliceJob, "readers" | "cache" | "pattern">): number {
  if (readers > 1) return SLICE_OF_MANY_MS;
  if (cache === "cold") return COLD_SLICE_MS;
  return pattern === "sequential" ? SEQUENTIAL_SLICE_MS : SLICE_MS;
}

/** The turns of one group in one round and placement. */
export function turnsOf(msPerTurn: number): number {
  return Math.min(MOST_TURNS, Math.max(LEAST_TURNS, Math.round(GROUP_MS / Math.max(msPerTurn, 0.1))));
}
