import { shuffle } from "simple-statistics";
import { isSameReads } from "../../results/index.js";

import type { GrowingRun } from "./play.js";
import type { Pool } from "./pool.js";
import { emptyLike } from "./replayed-run.js";

/**
 * A run that grows by rounds drawn from a pool, with replacement. In each round it is drawn anew which of the backends that serve
 * the same daemon has which name: their order in a round was random, so the names are arbitrary. Without that, the difference that
 * the pool has by chance would be a true one of every run drawn from it.
 *
 * @param same names of the backends that serve the same daemon
 * @param random a source of numbers in [0, 1)
 */
export function drawnRun(pool: Pool, same: readonly string[], random: () => number): GrowingRun {
  const { like, placement, rounds, countsSeconds, secondsPerRound } = pool;
  const run = emptyLike(like, placement);
  let taken = 0;
  const addRound = () => {
    const from = rounds[Math.floor(random() * rounds.length)]!;
    const names = new Map(shuffle([...same], random).map((name, index) => [same[index]!, name]));
    for (const [index, cell] of run.cells.entries()) {
      const key = like.cells[index]!;
      const backend = names.get(key.backend) ?? key.backend;
      const source = like.cells.findIndex((candidate) => candidate.backend === backend && isSameReads(candidate, key));
      cell.slices[0]!.rounds.push({ ...from.cells[source]!, round: taken });
    }
    taken += 1;
  };
  return {
    run,
    add({ sliceRounds, countedBlocks }) {
      for (const [index, cell] of run.cells.entries()) {
        const { counts } = like.cells[index]!;
        for (let count = 0; count < countedBlocks && counts.length > 0; count++) cell.counts.push(counts[0]!);
      }
      for (let round = 0; round < sliceRounds; round++) addRound();
      return countsSeconds + taken * secondsPerRound;
    },
  };
}
