import { z } from "zod";
import type { CacheState } from "../cells/index.js";

/**
 * The cores on which a reader and the daemons run while slices are taken: both on one core, each on a core of its own, or on the
 * core that the scheduler chooses.
 */
export const placement = z.enum(["one-core", "two-cores", "scheduler"]);
export type Placement = z.infer<typeof placement>;

export const placements: readonly Placement[] = placement.options;

/** Data that comes from a disk is as noisy as the disk, so the reader's core does not show: cold cells have one placement. */
export function isUseful(placement: Placement, cache: CacheState, asked: readonly Placement[]): boolean {
  return cache !== "cold" || placement === (asked.includes("scheduler") ? "scheduler" : asked[0]);
}
