import type { Run } from "../../results/index.js";

import type { Decision, DecisionRules } from "./decision.js";
import type { DecisionRow } from "./decision-row.js";
import { LEAST_ROUNDS } from "./judge-slices.js";
import { type Look, lookAt, ONLY_LOOK, shareAfter } from "./looks.js";

/** The part of a run that is judged: its counts before there are times, then both. */
interface Stage {
  readonly kinds: DecisionRules["kinds"];
  readonly look: Look;
}

/** Judges a run as it stands. */
export type Judge = (run: Run, stage: Stage) => Decision;

/** The fixed part of a gate's procedure. */
export interface Plan extends DecisionRules {
  /** The backends whose opens are counted. */
  readonly backends: readonly string[];
  readonly budgetSeconds: number;
  /** Counted runs that start a run: one tells. A baseline takes 2: they must agree. */
  readonly countedRuns: number;
  readonly judge: Judge;
}

/** The work that is measured next. */
export interface Round {
  /** Blocks of samples, which hold the counted runs. */
  readonly blocks: number;
  /** The number of these blocks in which the cells are counted. */
  readonly countedBlocks: number;
  /** The places of the cells that are counted, as rows name them; null: all. */
  readonly places: readonly string[] | null;
  /** The backends whose opens are counted. */
  readonly opens: readonly string[];
  /** Rounds of slices. */
  readonly sliceRounds: number;
}

/** A gate's procedure between two rounds. */
export interface ProcedureState {
  readonly plan: Plan;
  /** Times that the cells were counted. */
  readonly countings: number;
  /** Seconds after the last counting; null while counts are taken. */
  readonly slicesFromSeconds: number | null;
  /** Rounds of slices that are there when those that were asked for are done. */
  readonly sliceRounds: number;
  /** The share of the time for slices at the last look; 0 where there was none. */
  readonly lookedAt: number;
  /** The share at which the next look is planned. */
  readonly nextLook: number;
}

/** A thing that the procedure found, for the user to see. */
export type ProcedureEvent =
  | { readonly kind: "counted"; readonly suspects: number; readonly rows: number; readonly spentSeconds: number }
  | {
      readonly kind: "looked";
      readonly rounds: number;
      /** Times that can't be told yet, of all that are judged. */
      readonly open: number;
      readonly times: number;
      readonly plannedRounds: number | null;
      readonly spentSeconds: number;
    };

/** One step of the procedure. */
export interface Step {
  readonly state: ProcedureState;
  /** The decision so far; null between two looks. */
  readonly decision: Decision | null;
  /** The work to do next; null at the end, where the decision is final. */
  readonly round: Round | null;
  readonly said: readonly ProcedureEvent[];
}

/** The most countings: what does not repeat in these can't be told. */
const MOST_COUNTINGS = 4;

const countedRound = (blocks: number, places: Round["places"], opens: readonly string[]): Round => ({
  blocks,
  countedBlocks: blocks,
  places,
  opens,
  sliceRounds: 0,
});

const slicesRound = (sliceRounds: number): Round => ({ blocks: 0, countedBlocks: 0, places: [], opens: [], sliceRounds });

/** The first round: the counts, or the first slices where no counts are judged. */
export function begin(plan: Plan): { readonly state: ProcedureState; readonly round: Round } {
  const state = { plan, countings: 1, slicesFromSeconds: null, sliceRounds: 0, lookedAt: 0, nextLook: shareAfter(0) };
  if (plan.kinds.has("counts")) return { state, round: countedRound(plan.countedRuns, null, plan.backends) };
  return { state: { ...state, slicesFromSeconds: 0, sliceRounds: 1 }, round: slicesRound(1) };
}

/**
 * The step after a round: counts first, which may settle all by themselves; then rounds of slices, judged at planned looks until
 * all is told or the budget is spent. It measures nothing and reads no clock.
 *
 * @param run with everything that was asked for so far
 * @param spentSeconds since the first round began
 */
export function step(before: ProcedureState, run: Run, spentSeconds: number): Step {
  return before.slicesFromSeconds === null
    ? afterCounts(before, run, spentSeconds)
    : afterSlices(before, before.slicesFromSeconds, run, spentSeconds);
}

function afterCounts(before: ProcedureState, run: Run, spentSeconds: number): Step {
  const { plan, countings } = before;
  const decision = plan.judge(run, { kinds: new Set(["counts"]), look: ONLY_LOOK });
  const open = decision.rows.filter(isOpen);
  if (open.length > 0 && decision.verdict !== "regression" && countings < MOST_COUNTINGS) {
    const opens = open.filter(({ metric }) => metric.remeasure === "opens").map(({ backend }) => backend);
    const said = { kind: "counted", suspects: open.length, rows: decision.rows.length, spentSeconds } as const;
    const state = { ...before, countings: countings + 1 };
    const places = open.map(({ place }) => place);
    return { state, decision, round: countedRound(1, [...new Set(places)], [...new Set(opens)]), said: [said] };
  }
  if (decision.verdict === "regression" || !plan.kinds.has("times")) return { state: before, decision, round: null, said: [] };
  if (spentSeconds >= plan.budgetSeconds) {
    const whole = plan.judge(run, { kinds: plan.kinds, look: ONLY_LOOK });
    return { state: before, decision: whole, round: null, said: [] };
  }
  return {
    state: { ...before, slicesFromSeconds: spentSeconds, sliceRounds: 1 },
    decision: null,
    round: slicesRound(1),
    said: [],
  };
}

/** Rounds are asked for up to the next look. The time of one is known once the first has been taken. */
function afterSlices(before: ProcedureState, fromSeconds: number, run: Run, spentSeconds: number): Step {
  const { plan, sliceRounds, lookedAt, nextLook } = before;
  const secondsPerRound = (spentSeconds - fromSeconds) / sliceRounds;
  const allSeconds = plan.budgetSeconds - fromSeconds;
  const isLast = spentSeconds + secondsPerRound > plan.budgetSeconds;
  const roundsUntil = (share: number) => Math.floor((fromSeconds + share * allSeconds - spentSeconds) / secondsPerRound);
  const ask = (state: ProcedureState, decision: Decision | null, said: Step["said"]): Step => {
    const enough = Math.max(LEAST_ROUNDS - sliceRounds, roundsUntil(state.nextLook));
    const more = Math.max(1, Math.min(enough, roundsUntil(1)));
    return { state: { ...state, sliceRounds: sliceRounds + more }, decision, round: slicesRound(more), said };
  };
  const share = isLast ? 1 : (spentSeconds - fromSeconds) / allSeconds;
  if (!isLast && (sliceRounds < LEAST_ROUNDS || roundsUntil(nextLook) >= 1)) return ask(before, null, []);

  const decision = plan.judge(run, { kinds: plan.kinds, look: lookAt(lookedAt, share) });
  const state = { ...before, lookedAt: share, nextLook: shareAfter(Math.max(share, nextLook)) };
  if (isLast || !needsMore(decision, sliceRounds)) return { state, decision, round: null, said: [] };
  const times = decision.rows.filter(({ metric }) => metric.kind === "time");
  const open = times.filter(isOpen).length;
  const { plannedRounds } = decision;
  return ask(state, decision, [{ kind: "looked", rounds: sliceRounds, open, times: times.length, plannedRounds, spentSeconds }]);
}

/** A row that more of the same could settle. */
const isOpen = ({ verdict, canBeRepeated }: DecisionRow) => (verdict === "unknown" || verdict === "suspect") && canBeRepeated;

/** A run that nothing is judged by, for a baseline, has the rounds that its noise asks for. */
function needsMore({ verdict, rows, plannedRounds }: Decision, sliceRounds: number): boolean {
  if (rows.length === 0) return sliceRounds < (plannedRounds ?? 0);
  return verdict !== "regression" && rows.some((row) => row.metric.kind === "time" && isOpen(row));
}

/** Judges a run that is complete, at one look. */
export function judgeComplete(run: Run, { kinds }: DecisionRules, judge: Judge): Decision {
  return judge(run, { kinds, look: ONLY_LOOK });
}

/** A line for each event. */
export function eventText(event: ProcedureEvent): string {
  const after = `after ${Math.round(event.spentSeconds)} s`;
  if (event.kind === "counted") return `${event.suspects} of ${event.rows} metrics look worse ${after}: counted again`;
  const { rounds, open, times, plannedRounds } = event;
  const needs = plannedRounds === null ? "" : `; by the noise so far it takes ${plannedRounds} rounds`;
  if (times === 0) return `${rounds} rounds ${after}${needs}`;
  return `${open} of ${times} times can't be told yet by ${rounds} rounds ${after}${needs}`;
}
