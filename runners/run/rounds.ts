import { mkdir } from "node:fs/promises";
import { type Run, writeRun } from "../../results/index.js";

import { countDescriptorsLeft } from "./descriptors.js";
import { continueRun, type RunSetting } from "./run.js";
import { fixedRounds, type SliceSetting } from "./slice-rounds.js";

/** The next blocks to measure. */
export interface Round {
  /** Blocks of all cells. */
  readonly blocks: number;
  /** The number of these blocks in which the cells are counted too. */
  readonly countedBlocks: number;
  /** Backends whose descriptors left behind by an open are counted. */
  readonly opens: readonly string[];
  /** Rounds of slices after the blocks. */
  readonly sliceRounds: number;
}

interface RoundsSetting extends Omit<RunSetting, "slices">, Omit<SliceSetting, "nextRounds"> {
  /** Gives the round after this one, or null for an end. Called with the seconds spent so far. */
  readonly next: (run: Run, spentSeconds: number) => Round | null;
}

async function countOpens(run: Run, names: readonly string[], setting: RoundsSetting): Promise<void> {
  const [cache] = run.request.caches;
  for (const name of names) {
    const record = run.backends.find((backend) => backend.name === name);
    const backend = setting.backends.get(name);
    if (record === undefined || backend === undefined || cache === undefined) continue;
    setting.onPhase(`counting the descriptors that an open leaves: ${name}`);
    const left = await countDescriptorsLeft(backend, setting.workspace, cache, setting.signal);
    if (left !== null) record.descriptorsLeft = [...(record.descriptorsLeft ?? []), left];
  }
}

/**
 * Measures a run in rounds: the amount of work depends on the figures so far. The rounds plan the run's blocks; its request stays
 * as it was. The result is written after each sample.
 *
 * @throws the signal's reason when aborted
 */
export async function measureInRounds(run: Run, first: Round, setting: RoundsSetting): Promise<void> {
  const startedMs = performance.now();
  await mkdir(setting.directory, { recursive: true });
  let done = 0;
  for (let round: Round | null = first; round !== null; round = setting.next(run, (performance.now() - startedMs) / 1000)) {
    run.complete = false;
    run.plannedBlocks = { blocks: done + round.blocks, countedBlocks: done + round.countedBlocks };
    await continueRun(run, {
      ...setting,
      slices: fixedRounds(round.sliceRounds, setting),
    });
    await countOpens(run, round.opens, setting);
    await writeRun(setting.directory, run);
    done += round.blocks;
  }
}
