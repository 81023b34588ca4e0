import type { Round } from "../../reports/gate/index.js";
import { isSameReads, type Run } from "../../results/index.js";

import type { Pool } from "./pool.js";

/** A run that grows by blocks drawn from a pool, with replacement. */
export interface DrawnRun {
  readonly run: Run;
  readonly add: (round: Pick<Round, "blocks" | "countedBlocks">) => void;
}

const other: Readonly<Record<string, string>> = { base: "head", head: "base" };

/**
 * An empty run of the pool's cells. In each block it is drawn anew which of the two daemons is named base: they are the same and
 * their order in a block was random, so the names are arbitrary. Without that, the difference that the pool has by chance would be
 * a true one of every run drawn from it.
 *
 * @param random a source of numbers in [0, 1)
 */
export function drawRun({ run: pool, blocks }: Pool, random: () => number): DrawnRun {
  const pick = <Thing>(things: readonly Thing[]) => things[Math.floor(random() * things.length)]!;
  const run: Run = {
    ...pool,
    request: { ...pool.request, blocks: 0 },
    cells: pool.cells.map((cell) => ({ ...cell, samples: [], counts: [] })),
  };
  const addBlock = (isCounted: boolean) => {
    const from = pick(blocks);
    const block = run.request.blocks++;
    const swaps = random() < 0.5;
    for (const [index, cell] of run.cells.entries()) {
      const name = swaps ? (other[cell.backend] ?? cell.backend) : cell.backend;
      const own = pool.cells[index]!;
      const source = pool.cells.find((candidate) => isSameReads(candidate, own) && candidate.backend === name)!;
      cell.samples.push({ ...source.samples.find((sample) => sample.block === from)!, block });
      const counted = source.counts.filter(({ ok }) => ok);
      if (isCounted && counted.length > 0) cell.counts.push({ ...pick(counted), block });
    }
  };
  const add: DrawnRun["add"] = (round) => {
    for (let index = 0; index < round.blocks; index++) addBlock(index < round.countedBlocks);
  };
  return { run, add };
}
