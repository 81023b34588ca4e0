import type { Placement, Run } from "../../results/index.js";

import type { GrowingRun } from "./play.js";
import { roundStartsMs, startMs } from "./pool.js";

/** A run with the cells of another one, and nothing measured yet. */
export function emptyLike(like: Run, placement: Placement): Run {
  const cells = like.cells.map((cell) => ({ ...cell, samples: [], counts: [], slices: [{ placement, rounds: [] }] }));
  return { ...like, cells };
}

/**
 * A saved run, as it grew: its counts, then its rounds in their order, each at its time. Where it has no round left, all of the
 * budget is spent.
 */
export function replayedRun(saved: Run, placement: Placement, budgetSeconds: number): GrowingRun {
  const run = emptyLike(saved, placement);
  const startedMs = startMs(saved, placement);
  const starts = roundStartsMs(saved, placement);
  const meanMs = (starts.at(-1)! - starts[0]!) / (starts.length - 1);
  let [counted, taken] = [0, 0];
  return {
    run,
    add({ countedBlocks, sliceRounds }) {
      counted += countedBlocks;
      taken += sliceRounds;
      for (const [index, cell] of run.cells.entries()) {
        const { samples, counts, slices } = saved.cells[index]!;
        cell.samples = samples.slice(0, counted);
        cell.counts = counts.slice(0, counted);
        const rounds = slices.find((placed) => placed.placement === placement)?.rounds ?? [];
        cell.slices[0]!.rounds = rounds.slice(0, taken);
      }
      const endMs = starts[taken] ?? starts.at(-1)! + meanMs;
      const seconds = (endMs - startedMs) / 1000;
      return taken > starts.length ? Math.max(seconds, budgetSeconds) : seconds;
    },
  };
}
