import { shuffle } from "simple-statistics";
import type { CacheState, CellKey, ReadaheadSetting } from "../../results/index.js";

import { seededRandom } from "../../workloads/index.js";

/** The axes of a run, by the names that the result uses. */
export interface Grid {
  readonly backends: readonly string[];
  readonly workloads: readonly string[];
  readonly ioSizesBytes: readonly number[];
  readonly caches: readonly CacheState[];
  /** Undefined: nothing is set. */
  readonly readahead?: readonly ReadaheadSetting[] | undefined;
  /** True for a cell that differs from its like: a window that its reads don't see is not measured. Default: all do. */
  readonly differs?: (key: CellKey) => boolean;
}

/** One sample to take: a cell in its block, at its place in the block's order. */
export interface Step {
  readonly key: CellKey;
  readonly block: number;
  readonly order: number;
  /** The cell is run for its times. */
  readonly timed: boolean;
  /** The cell is run with every counter attached. */
  readonly counted: boolean;
}

/** Every cell of a grid, in the order in which reports list them. */
export function cellsOf(grid: Grid): CellKey[] {
  const { workloads, ioSizesBytes, caches, backends, readahead = [undefined], differs = () => true } = grid;
  const keys = workloads.flatMap((workload) =>
    ioSizesBytes.flatMap((ioSizeBytes) =>
      caches.flatMap((cache) =>
        backends.flatMap((backend) =>
          readahead.map((setting) => ({ backend, workload, ioSizeBytes, cache, ...(setting && { readahead: setting }) })),
        ),
      ),
    ),
  );
  return keys.filter(differs);
}

/**
 * The plan of a run: each block has every cell once, in an order drawn from the seed. A drift during the run (of a neighbour, a
 * clock, a temperature) then falls on all backends alike, and cancels out in the ratios within one block.
 *
 * @param countedBlocks the number of first blocks in which cells are counted as well
 */
export function planOf(grid: Grid, blocks: number, countedBlocks: number, seed: number): Step[] {
  const random = seededRandom(seed);
  return Array.from({ length: blocks }, (_, block) =>
    shuffle(cellsOf(grid), random).map((key, order) => ({ key, block, order, timed: true, counted: block < countedBlocks })),
  ).flat();
}
