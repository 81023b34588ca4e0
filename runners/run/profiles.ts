import type { CacheState, Placement } from "../../results/index.js";

/** The extent of a run. */
export interface Profile {
  /** Default: all. */
  readonly backends?: readonly string[];
  readonly workloads: readonly string[];
  readonly ioSizes: readonly string[];
  readonly caches: readonly CacheState[];
  readonly blocks: number;
  /** Every cell is also counted in this many of the first blocks. */
  readonly countedBlocks: number;
  readonly fileSize: string;
  /** The slices that ratios come from. Their rounds end at the precision, or with the budget. */
  readonly slices: {
    readonly placements: readonly Placement[];
    readonly precisionPercent: number;
    readonly budgetMinutes: number;
  };
}

const both = ["seq-rd-1th-1f", "rnd-rd-1th-1f"];

/** The profiles of `fusemeter run`: a first answer in minutes, a gate's diet, and the paper's whole grid. */
export const profiles = {
  quick: {
    backends: ["native", "fuse", "passthrough"],
    workloads: both,
    ioSizes: ["4KB", "128KB"],
    caches: ["cold", "warm"],
    blocks: 1,
    countedBlocks: 1,
    fileSize: "1GB",
    slices: { placements: ["one-core", "scheduler"], precisionPercent: 2, budgetMinutes: 1.5 },
  },
  ci: {
    workloads: both,
    ioSizes: ["4KB"],
    caches: ["warm"],
    blocks: 1,
    countedBlocks: 1,
    fileSize: "1GB",
    slices: { placements: ["one-core"], precisionPercent: 1, budgetMinutes: 2 },
  },
  paper: {
    workloads: both,
    ioSizes: ["4KB", "32KB", "128KB", "1MB"],
    caches: ["cold", "warm"],
    blocks: 15,
    countedBlocks: 2,
    fileSize: "4GB",
    slices: { placements: ["one-core", "two-cores", "scheduler"], precisionPercent: 1, budgetMinutes: 60 },
  },
} as const satisfies Record<string, Profile>;
