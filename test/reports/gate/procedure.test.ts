import { describe, expect, test } from "vitest";
import type { Decision } from "../../../reports/gate/decision.js";
import type { DecisionRow } from "../../../reports/gate/decision-row.js";
import type { Judgement } from "../../../reports/gate/judgement.js";
import type { Metric } from "../../../reports/gate/metric.js";
import { DAEMON_SYSTEM_CALLS, DESCRIPTORS_LEFT, timeMetrics } from "../../../reports/gate/metrics.js";
import type { Round } from "../../../reports/gate/next-round.js";
import { begin, eventText, judgeComplete, type Plan, type Step, step } from "../../../reports/gate/procedure.js";
import { measured } from "./measured.js";

const MEAN_LATENCY = timeMetrics[0]!;

const row = (metric: Metric, verdict: Judgement["verdict"], backend = "mine"): DecisionRow => ({
  backend,
  place: "rnd-rd-1th-1f 4 KiB warm",
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

function decision(rows: readonly DecisionRow[], plannedBlocks: number | null = 5): Decision {
  const verdict = rows.some((one) => one.verdict === "worse")
    ? "regression"
    : rows.every((one) => one.verdict === "same")
      ? "none slower"
      : "can't tell";
  return { rows, verdict, notes: [], plannedBlocks };
}

/** The usual run: the procedure passes it on to the judge, and asks nothing of it. */
const run = measured();

/** The whole of a scripted procedure: its rounds, its events, and the fresh blocks of each analysis. */
function play(
  decisions: readonly Decision[],
  plan: Partial<Plan> = {},
  secondsPerBlock = 10,
  firstRoundSeconds = secondsPerBlock,
) {
  const fresh: (number | null)[] = [];
  const judge: Plan["judge"] = (_, freshFrom) => {
    fresh.push(freshFrom);
    return decisions[fresh.length - 1]!;
  };
  const { state, round: first } = begin({
    backends: ["native", "mine"],
    hasTimes: true,
    leastRatio: 1.05,
    budgetSeconds: 600,
    countedRuns: 1,
    judge,
    ...plan,
  });
  const rounds: Round[] = [];
  const said: string[] = [];
  let blocks = 0;
  let last: Step = { state, decision: null, round: first, said: [] };
  while (last.round !== null) {
    rounds.push(last.round);
    blocks += last.round.blocks;
    last = step(last.state, run, firstRoundSeconds + (blocks - first.blocks) * secondsPerBlock);
    said.push(...last.said.map(eventText));
  }
  return { rounds, said, fresh, blocks, decision: last.decision };
}

const calm = decision([row(MEAN_LATENCY, "same")]);

describe("the pilot", () => {
  test("is five blocks: one that is counted, one that tells the time of a block, and the rest", () => {
    const { rounds, fresh } = play([calm]);
    expect(rounds).toEqual([
      { blocks: 1, countedBlocks: 1, opens: ["native", "mine"] },
      { blocks: 1, countedBlocks: 0, opens: [] },
      { blocks: 3, countedBlocks: 0, opens: [] },
    ]);
    expect(fresh).toEqual([null]);
  });

  test("nothing is judged before it is complete", () => {
    const { state } = begin({
      backends: [],
      hasTimes: true,
      leastRatio: 1.05,
      budgetSeconds: 600,
      countedRuns: 1,
      judge: () => {
        throw new Error("judged too early");
      },
    });
    const second = step(state, run, 10);
    expect(second).toMatchObject({ decision: null, said: [], state: { blocks: 2, analyses: 0 } });
    expect(step(second.state, run, 20)).toMatchObject({ decision: null, state: { blocks: 5, analyses: 0 } });
  });

  test("ends with the budget, and is judged as it is", () => {
    // 10 s for the first block, 20 s for the second: of 60 s there are 30 left, enough for one more.
    const { rounds, blocks } = play([calm], { budgetSeconds: 60 }, 20, 10);
    expect(rounds.map((round) => round.blocks)).toEqual([1, 1, 1]);
    expect(blocks).toBe(3);
    // The first block alone is over the budget.
    expect(play([calm], { budgetSeconds: 9 }, 20, 10).blocks).toBe(1);
    expect(play([calm], { budgetSeconds: 10 }, 20, 10).blocks).toBe(1);
  });

  test("of a baseline is counted in each of its rounds", () => {
    const { rounds } = play([decision([], 5)], { countedRuns: 2 });
    expect(rounds.map(({ countedBlocks }) => countedBlocks)).toEqual([1, 1, 1]);
  });

  test.each([1, 2])("where no times are judged, %i counted blocks take its place", (countedRuns) => {
    const { rounds, said } = play([decision([row(DAEMON_SYSTEM_CALLS, "same")], null)], { hasTimes: false, countedRuns });
    expect(rounds).toEqual([{ blocks: countedRuns, countedBlocks: countedRuns, opens: ["native", "mine"] }]);
    expect(said).toEqual([]);
  });
});

describe("the plan", () => {
  test("takes as many blocks as the noise asks for, within half of the budget, and says so", () => {
    const open = decision([row(MEAN_LATENCY, "unknown")], 12);
    const { rounds, said } = play([open, calm]);
    expect(rounds.at(-1)).toEqual({ blocks: 7, countedBlocks: 0, opens: [] });
    expect(said).toEqual([
      "By the noise so far it takes 12 blocks to see 5 percent with 95 percent power.",
      "the noise asks for it: 7 blocks more after 50 s",
    ]);
    expect(play([decision(open.rows, 1000), calm]).blocks).toBe(30);
  });

  test("is made once: a later analysis measures again by doubling", () => {
    const open = decision([row(MEAN_LATENCY, "unknown")], 12);
    expect(
      play([open, decision(open.rows, 14), calm])
        .rounds.slice(3)
        .map(({ blocks }) => blocks),
    ).toEqual([7, 12]);
  });

  test("is said of a single block in the singular", () => {
    expect(play([decision([row(MEAN_LATENCY, "unknown")], 6), calm]).said.at(-1)).toBe(
      "the noise asks for it: 1 block more after 50 s",
    );
  });
});

describe("a row that looks worse", () => {
  const slower = decision([row(MEAN_LATENCY, "suspect"), row(DAEMON_SYSTEM_CALLS, "same")]);
  test("of a time is measured again in as many blocks as there are; these are the fresh ones", () => {
    const { rounds, fresh, said } = play([slower, decision([row(MEAN_LATENCY, "worse")])]);
    expect(rounds.at(-1)).toEqual({ blocks: 5, countedBlocks: 0, opens: [] });
    expect(fresh).toEqual([null, 5]);
    expect(said.at(-1)).toBe("1 of 2 metrics look worse: 5 blocks more after 50 s");
  });

  test("keeps its fresh blocks: those since it first looked worse", () => {
    const { fresh, blocks } = play([slower, slower, slower, slower]);
    expect(fresh).toEqual([null, 5, 5, 5]);
    // 5, 10, 20 and 40 blocks; the fourth analysis is the last.
    expect(blocks).toBe(40);
  });

  test("has fresh blocks only from the analysis on that saw it first", () => {
    const calmSoFar = decision([row(MEAN_LATENCY, "unknown")]);
    expect(play([calmSoFar, slower, slower, slower]).fresh).toEqual([null, null, 10, 10]);
  });

  test("of a count is counted twice more, whatever the times need", () => {
    const { rounds } = play([decision([row(DAEMON_SYSTEM_CALLS, "suspect"), row(MEAN_LATENCY, "unknown")], 100), calm]);
    expect(rounds.at(-1)).toEqual({ blocks: 2, countedBlocks: 2, opens: [] });
  });

  test("of opens has the opens of its backend counted again", () => {
    const { rounds } = play([decision([row(DESCRIPTORS_LEFT, "suspect"), row(DESCRIPTORS_LEFT, "suspect")]), calm]);
    expect(rounds.at(-1)).toEqual({ blocks: 2, countedBlocks: 2, opens: ["mine"] });
  });

  test("of a count that does not repeat is counted again, when no time is open", () => {
    const { rounds } = play([decision([row(DAEMON_SYSTEM_CALLS, "unknown"), row(MEAN_LATENCY, "same")]), calm]);
    expect(rounds.at(-1)).toEqual({ blocks: 2, countedBlocks: 2, opens: [] });
    const both = play([decision([row(DAEMON_SYSTEM_CALLS, "unknown"), row(MEAN_LATENCY, "unknown")]), calm]);
    expect(both.rounds.at(-1)).toEqual({ blocks: 5, countedBlocks: 0, opens: [] });
  });

  test("is not measured again beyond the budget, nor where it can't be", () => {
    expect(play([slower], { budgetSeconds: 55 }).blocks).toBe(5);
    expect(play([slower, calm], { budgetSeconds: 75 }).blocks).toBe(7);
    const gone = { ...row(MEAN_LATENCY, "unknown"), canBeRepeated: false };
    expect(play([decision([gone])]).blocks).toBe(5);
  });

  test("is not measured again where another row is a regression already", () => {
    const found = decision([row(MEAN_LATENCY, "unknown"), row(DAEMON_SYSTEM_CALLS, "worse")]);
    expect(play([found])).toMatchObject({ blocks: 5, decision: { verdict: "regression" } });
  });
});

test("the last decision is the procedure's", () => {
  const open = decision([row(MEAN_LATENCY, "unknown")]);
  expect(play([open, calm]).decision).toBe(calm);
});

test("in a run that is complete the second half of the blocks is fresh", () => {
  const fresh: (number | null)[] = [];
  const judge: Plan["judge"] = (_, freshFrom) => {
    fresh.push(freshFrom);
    return calm;
  };
  for (const blocks of [20, 5, 1]) judgeComplete(measured({ blocks }), judge);
  expect(fresh).toEqual([10, 3, 1]);
});
