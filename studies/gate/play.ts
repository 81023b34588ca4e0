import { begin, type Decision, type Plan, type Round, step } from "../../reports/gate/index.js";
import type { Run } from "../../results/index.js";

/** A run that grows as the gate's procedure asks: drawn from rounds, or a saved one, round by round. */
export interface GrowingRun {
  readonly run: Run;
  /** Adds the work of a round. @returns the seconds since the first round began */
  readonly add: (round: Round) => number;
}

/** The outcome of one procedure. */
export interface Outcome {
  readonly decision: Decision;
  readonly sliceRounds: number;
  readonly seconds: number;
}

/** Decides a run by the gate's own procedure: the functions that `fusemeter gate` runs by. */
export function play(plan: Plan, { run, add }: GrowingRun): Outcome {
  const { state: first, round: firstRound } = begin(plan);
  let [state, round] = [first, firstRound as Round | null];
  let last: Omit<Outcome, "decision"> & { readonly decision: Decision | null } = { decision: null, sliceRounds: 0, seconds: 0 };
  while (round !== null) {
    const seconds = add(round);
    const next = step(state, run, seconds);
    last = { decision: next.decision, sliceRounds: last.sliceRounds + round.sliceRounds, seconds };
    ({ state, round } = next);
  }
  return { ...last, decision: last.decision! };
}
