import { blocksOf, type Run } from "../../results/index.js";

import type { Decision } from "./decision.js";
import { nextRound, type Round, restOfPilot, type Time } from "./next-round.js";

/**
 * Judges a run as it stands.
 *
 * @param freshFrom the first block that was measured after something had looked worse; null where none was
 */
export type Judge = (run: Run, freshFrom: number | null) => Decision;

/** The fixed part of a gate's procedure. */
export interface Plan {
  /** The backends that are measured. */
  readonly backends: readonly string[];
  readonly hasTimes: boolean;
  /** The least effect worth reporting of a time, as a ratio. */
  readonly leastRatio: number;
  readonly budgetSeconds: number;
  /** Counted runs that start a run: one tells. A baseline takes 2, and one more in each later round of the pilot: they must agree. */
  readonly countedRuns: number;
  readonly judge: Judge;
}

/** A gate's procedure between two rounds. */
export interface ProcedureState {
  readonly plan: Plan;
  /** Blocks that are there when the round that was asked for is done. */
  readonly blocks: number;
  /** Interim analyses so far. */
  readonly analyses: number;
  /** The first block that was measured after something had looked worse; null where none was. */
  readonly freshFrom: number | null;
  /** Seconds after the first round; null before. */
  readonly firstRoundSeconds: number | null;
}

/** A thing that the procedure found, for the user to see. */
export type ProcedureEvent =
  | { readonly kind: "planned"; readonly blocks: number; readonly leastRatio: number }
  | {
      readonly kind: "round";
      /** Rows that look worse; 0 where the noise alone asks for the round. */
      readonly suspects: number;
      readonly rows: number;
      readonly blocks: number;
      readonly spentSeconds: number;
    };

/** One step of the procedure. */
export interface Step {
  readonly state: ProcedureState;
  /** The interim analysis; null where the pilot is not complete. */
  readonly decision: Decision | null;
  /** The blocks to measure next; null at the end, where the decision is final. */
  readonly round: Round | null;
  readonly said: readonly ProcedureEvent[];
}

/** The first round, before which nothing is known. Of times it is one block: its counted runs take longer than a block does. */
export function begin(plan: Plan): { readonly state: ProcedureState; readonly round: Round } {
  const blocks = plan.hasTimes ? 1 : plan.countedRuns;
  const round = { blocks, countedBlocks: plan.hasTimes ? 1 : plan.countedRuns, opens: plan.backends };
  return { state: { plan, blocks, analyses: 0, freshFrom: null, firstRoundSeconds: null }, round };
}

/**
 * The step after a round: a few blocks as a pilot, then as many as the noise asks for, then more where something looks worse, all
 * within the budget. It measures nothing and reads no clock.
 *
 * @param run with all blocks of the rounds so far
 * @param spentSeconds since the first round began
 */
export function step(before: ProcedureState, run: Run, spentSeconds: number): Step {
  const { plan, blocks: done } = before;
  const { budgetSeconds, countedRuns, hasTimes, leastRatio } = plan;
  const firstRoundSeconds = before.firstRoundSeconds ?? spentSeconds;
  const secondsPerBlock = done === 1 ? 0 : (spentSeconds - firstRoundSeconds) / (done - 1);
  const time: Time = { spentSeconds, secondsPerBlock, budgetSeconds };
  const state = { ...before, firstRoundSeconds };

  const rest = hasTimes && state.analyses === 0 ? restOfPilot(done, time) : null;
  if (rest !== null) {
    const round = { ...rest, countedBlocks: countedRuns - 1 };
    return { state: { ...state, blocks: done + rest.blocks }, decision: null, round, said: [] };
  }

  const analyses = state.analyses + 1;
  const decision = plan.judge(run, state.freshFrom);
  const round = nextRound({ decision, done, analyses, time });
  const suspects = decision.rows.filter(({ verdict }) => verdict === "suspect").length;
  const planned: ProcedureEvent[] =
    analyses === 1 && decision.plannedBlocks !== null ? [{ kind: "planned", blocks: decision.plannedBlocks, leastRatio }] : [];
  const again: ProcedureEvent[] =
    round === null ? [] : [{ kind: "round", suspects, rows: decision.rows.length, blocks: round.blocks, spentSeconds }];
  return {
    state: {
      ...state,
      blocks: done + (round?.blocks ?? 0),
      analyses,
      freshFrom: state.freshFrom ?? (suspects > 0 ? done : null),
    },
    decision,
    round,
    said: [...planned, ...again],
  };
}

/** Judges a run that is complete. Nothing can be measured again: the second half of its blocks counts as fresh. */
export function judgeComplete(run: Run, judge: Judge): Decision {
  return judge(run, Math.ceil(blocksOf(run).blocks / 2));
}

/** A line for each event. */
export function eventText(event: ProcedureEvent): string {
  if (event.kind === "planned") {
    const effect = ((event.leastRatio - 1) * 100).toFixed(0);
    return `By the noise so far it takes ${event.blocks} blocks to see ${effect} percent with 95 percent power.`;
  }
  const { suspects, rows, blocks, spentSeconds } = event;
  const why = suspects > 0 ? `${suspects} of ${rows} metrics look worse` : "the noise asks for it";
  return `${why}: ${blocks} ${blocks === 1 ? "block" : "blocks"} more after ${Math.round(spentSeconds)} s`;
}
