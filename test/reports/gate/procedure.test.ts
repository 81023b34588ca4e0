import { describe, expect, test } from "vitest";
import type { Decision } from "../../../reports/gate/decision.js";
import type { DecisionRow } from "../../../reports/gate/decision-row.js";
import type { Judgement } from "../../../reports/gate/judgement.js";
import { type Look, ONLY_LOOK } from "../../../reports/gate/looks.js";
import type { Metric } from "../../../reports/gate/metric.js";
import { DAEMON_SYSTEM_CALLS, DESCRIPTORS_LEFT, timeMetrics } from "../../../reports/gate/metrics.js";
import { begin, eventText, judgeComplete, type Plan, type Round, type Step, step } from "../../../reports/gate/procedure.js";
import { measured } from "./measured.js";

const MEAN_LATENCY = timeMetrics[0]!;
const PLACE = "rnd-rd-1th-1f 4 KiB warm";

const row = (metric: Metric, verdict: Judgement["verdict"], backend = "mine"): DecisionRow => ({
  backend,
  place: PLACE,
  metric,
  unit: "",
  before: 1,
  now: 1,
  interval: null,
  n: "1",
  p: null,
  canBeRepeated: true,
  allowed: 0,
  time: null,
  verdict,
  reason: null,
});

function decision(rows: readonly DecisionRow[], plannedRounds: number | null = 5): Decision {
  const verdict = rows.some((one) => one.verdict === "worse")
    ? "regression"
    : rows.every((one) => one.verdict === "same")
      ? "none slower"
      : "can't tell";
  return { rows, verdict, notes: [], plannedRounds };
}

const same = decision([row(DAEMON_SYSTEM_CALLS, "same")]);
const calm = decision([row(DAEMON_SYSTEM_CALLS, "same"), row(MEAN_LATENCY, "same")]);
const open = decision([row(DAEMON_SYSTEM_CALLS, "same"), row(MEAN_LATENCY, "unknown")], 40);
const slower = decision([row(MEAN_LATENCY, "worse")]);

/** The usual run: the procedure passes it on to the judge, and asks nothing of it. */
const run = measured();

interface Pace {
  readonly counting?: number;
  readonly sliceRound?: number;
}

/** The whole of a scripted procedure: the decisions on counts, and those on all. The last of each is repeated. */
function play(onCounts: readonly Decision[], onAll: readonly Decision[], plan: Partial<Plan> = {}, pace: Pace = {}) {
  const { counting = 10, sliceRound = 2 } = pace;
  const looks: Look[] = [];
  let countings = 0;
  const { state, round: first } = begin({
    backends: ["base", "head"],
    kinds: new Set(["counts", "times"]),
    leastRatio: 1.02,
    budgetSeconds: 90,
    countedRuns: 1,
    judge(_, { kinds, look }) {
      if (!kinds.has("times")) return onCounts[Math.min(countings++, onCounts.length - 1)]!;
      looks.push(look);
      return onAll[Math.min(looks.length, onAll.length) - 1]!;
    },
    ...plan,
  });
  const rounds: Round[] = [];
  const said: string[] = [];
  let seconds = 0;
  let last: Step = { state, decision: null, round: first, said: [] };
  while (last.round !== null) {
    rounds.push(last.round);
    seconds += last.round.countedBlocks * counting + last.round.sliceRounds * sliceRound;
    last = step(last.state, run, seconds);
    said.push(...last.said.map(eventText));
  }
  const sliceRounds = rounds.reduce((sum, round) => sum + round.sliceRounds, 0);
  return { rounds, said, looks, seconds, sliceRounds, countings, decision: last.decision };
}

const counted = (blocks: number, places: readonly string[] | null, opens: readonly string[] = []) => {
  return { blocks, countedBlocks: blocks, places, opens, sliceRounds: 0 };
};
const sliced = (sliceRounds: number) => ({ blocks: 0, countedBlocks: 0, places: [], opens: [], sliceRounds });

describe("counts come first", () => {
  test("in one block, with the opens of every backend, before any slice", () => {
    const { rounds } = play([same], [calm]);
    expect(rounds[0]).toEqual(counted(1, null, ["base", "head"]));
    expect(rounds.slice(1).every((round) => round.countedBlocks === 0 && round.blocks === 0)).toBe(true);
  });

  test("a regression found by counts ends the run at once, without slices", () => {
    const suspect = decision([row(DAEMON_SYSTEM_CALLS, "suspect")]);
    const found = decision([row(DAEMON_SYSTEM_CALLS, "worse")]);
    const { rounds, said, sliceRounds, seconds, decision: final } = play([suspect, found], [calm]);
    expect(rounds).toEqual([counted(1, null, ["base", "head"]), counted(1, [PLACE])]);
    expect(said).toEqual(["1 of 1 metrics look worse after 10 s: counted again"]);
    expect([sliceRounds, seconds]).toEqual([0, 20]);
    expect(final).toBe(found);
  });

  test("opens that leave descriptors are counted again for their backend alone", () => {
    const suspect = decision([row(DESCRIPTORS_LEFT, "suspect"), row(DESCRIPTORS_LEFT, "suspect")]);
    expect(play([suspect, same], [calm]).rounds[1]).toEqual(counted(1, [PLACE], ["mine"]));
  });

  test("a count that does not repeat is counted four times, and then the times are judged", () => {
    const odd = decision([row(DAEMON_SYSTEM_CALLS, "unknown")]);
    const { countings, sliceRounds, rounds } = play([odd], [calm]);
    expect(countings).toBe(4);
    expect(rounds.filter(({ countedBlocks }) => countedBlocks > 0)).toHaveLength(4);
    expect(sliceRounds).toBeGreaterThan(0);
  });

  test("a count that can't be had is not counted again", () => {
    const gone = decision([{ ...row(DAEMON_SYSTEM_CALLS, "unknown"), canBeRepeated: false }]);
    expect(play([gone], [calm]).countings).toBe(1);
  });

  test.each([1, 2])("where no times are judged, %i counted runs are all", (countedRuns) => {
    const { rounds, sliceRounds, decision: final } = play([same], [], { kinds: new Set(["counts"]), countedRuns });
    expect(rounds).toEqual([counted(countedRuns, null, ["base", "head"])]);
    expect(sliceRounds).toBe(0);
    expect(final).toBe(same);
  });

  test("where they take the whole budget, times are judged as they are: not measured", () => {
    const { rounds, looks } = play([same], [open], { budgetSeconds: 10 });
    expect(rounds).toHaveLength(1);
    expect(looks).toEqual([ONLY_LOOK]);
  });
});

describe("slices", () => {
  test("begin with one round, whose time tells how many there are until the next look", () => {
    // 80 s are left for slices: looks after 20 s, 40 s and at the end, of rounds of 2 s.
    const { rounds, looks, sliceRounds, seconds } = play([same], [open]);
    expect(rounds.slice(1)).toEqual([sliced(1), sliced(9), sliced(10), sliced(20)]);
    expect(looks).toHaveLength(3);
    expect([sliceRounds, seconds]).toEqual([40, 90]);
  });

  test("alone, where no counts are judged", () => {
    const { rounds, seconds } = play([], [open], { kinds: new Set(["times"]), budgetSeconds: 40 });
    expect(rounds).toEqual([sliced(1), sliced(4), sliced(5), sliced(10)]);
    expect(seconds).toBe(40);
  });

  test("spend the errors of one look in all looks together", () => {
    const { looks } = play([same], [open], { budgetSeconds: 77 }, { sliceRound: 3 });
    expect(looks.length).toBeGreaterThan(1);
    const sum = looks.reduce((total, { falseRegression }) => total + falseRegression, 0);
    expect(sum).toBeCloseTo(ONLY_LOOK.falseRegression, 15);
  });

  test.each([
    { what: "a regression", onAll: [slower], rounds: 10 },
    { what: "nothing that is slower", onAll: [calm], rounds: 10 },
    { what: "a regression at the second look", onAll: [open, slower], rounds: 20 },
  ])("end where the look finds $what", ({ onAll, rounds }) => {
    const { sliceRounds, decision: final } = play([same], onAll);
    expect(sliceRounds).toBe(rounds);
    expect(final).toBe(onAll.at(-1));
  });

  test("end where nothing more could be told", () => {
    const gone = decision([{ ...row(MEAN_LATENCY, "unknown"), canBeRepeated: false }]);
    expect(play([same], [gone]).sliceRounds).toBe(10);
    const oddCount = decision([row(DAEMON_SYSTEM_CALLS, "unknown"), row(MEAN_LATENCY, "same")]);
    expect(play([same], [oddCount]).sliceRounds).toBe(10);
  });

  test("never begin a round that has no room in the budget", () => {
    expect(play([same], [open], { budgetSeconds: 20 }, { sliceRound: 6 })).toMatchObject({ sliceRounds: 1, seconds: 16 });
    expect(play([same], [open], { budgetSeconds: 31 }, { sliceRound: 6 })).toMatchObject({ sliceRounds: 3, seconds: 28 });
    // The first round tells the time of one: it may be longer than what is left.
    expect(play([same], [open], { budgetSeconds: 11 }, { sliceRound: 6 })).toMatchObject({ sliceRounds: 1, seconds: 16 });
  });

  test("of a baseline are as many as its noise asks for, at the looks", () => {
    const nothing = (plannedRounds: number) => decision([], plannedRounds);
    expect(play([same], [nothing(15), nothing(15)]).sliceRounds).toBe(20);
    expect(play([same], [nothing(8)]).sliceRounds).toBe(10);
    expect(play([same], [nothing(15)]).said).toEqual(["10 rounds after 30 s; by the noise so far it takes 15 rounds"]);
    expect(play([same], [nothing(1000)]).sliceRounds).toBe(40);
  });

  test("that can't be told yet are said, with the rounds that the noise asks for", () => {
    expect(play([same], [open]).said).toEqual([
      "1 of 1 times can't be told yet by 10 rounds after 30 s; by the noise so far it takes 40 rounds",
      "1 of 1 times can't be told yet by 20 rounds after 50 s; by the noise so far it takes 40 rounds",
    ]);
    const unplanned = decision(open.rows, null);
    expect(play([same], [unplanned, calm]).said).toEqual(["1 of 1 times can't be told yet by 10 rounds after 30 s"]);
  });
});

test("a run that is complete is judged at one look", () => {
  const stages: unknown[] = [];
  const kinds = new Set(["times"] as const);
  const judge: Plan["judge"] = (_, stage) => {
    stages.push(stage);
    return calm;
  };
  expect(judgeComplete(run, { kinds, leastRatio: 1.02 }, judge)).toBe(calm);
  expect(stages).toEqual([{ kinds, look: ONLY_LOOK }]);
});
