import type { Pool } from "./pools.js";

/** A source of ratios, one a round. */
export type Draw = () => number;

/**
 * Rounds drawn from a pool with replacement. In each it is drawn anew which of the two names comes first: both are the same thing
 * and their order was random, so the names are arbitrary. Without that, the difference that the pool has by chance would be a true
 * one of every run drawn from it.
 *
 * @param random a source of numbers in [0, 1)
 */
export function swappedRounds({ ratios }: Pool, random: () => number): Draw {
  return () => {
    const ratio = ratios[Math.floor(random() * ratios.length)]!;
    return random() < 0.5 ? ratio : 1 / ratio;
  };
}

/**
 * Rounds as they were measured, one after the other from a random one on; after the last comes the first. Drift from round to round
 * and a difference between the two names stay in them.
 */
export function consecutiveRounds({ ratios }: Pool, random: () => number): Draw {
  let round = Math.floor(random() * ratios.length);
  return () => ratios[round++ % ratios.length]!;
}

export const taken = (draw: Draw, rounds: number) => Array.from({ length: rounds }, draw);
