import { begin, type Decision, type Judge, type Step, step } from "../../reports/gate/index.js";
import type { Run } from "../../results/index.js";

import { drawRun } from "./drawn-run.js";
import type { Pool } from "./pool.js";

/** The outcome of one procedure. */
export interface Outcome {
  readonly verdict: Decision["verdict"];
  readonly blocks: number;
}

interface Setting {
  readonly pool: Pool;
  readonly judge: Judge;
  readonly leastRatio: number;
  readonly budgetSeconds: number;
  readonly random: () => number;
  /** An effect that is put into the drawn run before it is judged. */
  readonly change?: (run: Run) => Run;
}

/** Decides one drawn run by the gate's own procedure: the function that `fusemeter gate` runs by. */
export function decideDrawn({ pool, judge, leastRatio, budgetSeconds, random, change = (run) => run }: Setting): Outcome {
  const { run, add } = drawRun(pool, random);
  const plan = { backends: [], hasTimes: true, leastRatio, budgetSeconds, countedRuns: 1, judge };
  let last: Step = { ...begin(plan), decision: null, said: [] };
  let countedBlocks = 0;
  while (last.round !== null) {
    add(last.round);
    countedBlocks += last.round.countedBlocks;
    // A counted block takes twice the time: each cell runs once more.
    const spentSeconds = (run.request.blocks + countedBlocks) * pool.secondsPerBlock;
    last = step(last.state, change(run), spentSeconds);
  }
  return { verdict: last.decision!.verdict, blocks: run.request.blocks };
}
