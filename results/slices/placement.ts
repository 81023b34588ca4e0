import { z } from "zod";

/**
 * The cores on which a reader and the daemons run while slices are taken: both on one core, each on a core of its own, or on the
 * core that the scheduler chooses.
 */
export const placement = z.enum(["one-core", "two-cores", "scheduler"]);
export type Placement = z.infer<typeof placement>;

export const placements: readonly Placement[] = placement.options;
