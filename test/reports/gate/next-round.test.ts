import { describe, expect, test } from "vitest";
import type { Decision } from "../../../reports/gate/decision.js";
import { nextRound, restOfPilot } from "../../../reports/gate/next-round.js";
import { against, measured } from "./measured.js";

describe("the rest of the pilot", () => {
  test.each([
    { what: "one block, which tells what a block takes", done: 1, spentSeconds: 40, secondsPerBlock: 0, blocks: 1 },
    { what: "none where the first block has taken it all", done: 1, spentSeconds: 61, secondsPerBlock: 0, blocks: undefined },
    { what: "all of it within the budget", done: 2, spentSeconds: 45, secondsPerBlock: 5, blocks: 3 },
    { what: "what the budget allows", done: 2, spentSeconds: 48, secondsPerBlock: 6, blocks: 2 },
    { what: "nothing when it is done", done: 5, spentSeconds: 50, secondsPerBlock: 1, blocks: undefined },
  ])("$what", ({ done, spentSeconds, secondsPerBlock, blocks }) =>
    expect(restOfPilot(done, { spentSeconds, secondsPerBlock, budgetSeconds: 60 })?.blocks).toBe(blocks),
  );
});

describe("what is measured next", () => {
  const time = (spentSeconds: number) => ({ spentSeconds, secondsPerBlock: 10, budgetSeconds: 300 });
  const next = (decision: Decision, rest: Partial<Parameters<typeof nextRound>[0]> = {}) =>
    nextRound({ done: 5, decision, analyses: 1, time: time(50), ...rest });
  const plain = against(measured());
  test("where a count looks worse: two runs more", () => {
    expect(next(against(measured({ calls: 4, counts: 1 })))).toMatchObject({ blocks: 2, countedBlocks: 2 });
  });
  test("where a leak looks like one: the opens again", () => {
    expect(next(against(measured({ left: 200, counts: 1 })))).toMatchObject({ opens: ["mine"] });
  });
  test("as many blocks as the noise asks for, within half of the budget", () => {
    expect(next({ ...plain, plannedBlocks: 9 })).toMatchObject({ blocks: 4 });
    expect(next({ ...plain, plannedBlocks: 900 })).toMatchObject({ blocks: 10 });
  });
  test("nothing where all is decided, at the fourth analysis, or beyond the budget", () => {
    expect(next({ ...plain, plannedBlocks: 5 })).toBeNull();
    const slow = against(measured({ latencyFactor: 1.1, blocks: 5 }));
    expect(next(slow, { analyses: 2 })).not.toBeNull();
    expect(next(slow, { analyses: 4 })).toBeNull();
    expect(next(slow, { analyses: 2, time: time(299) })).toBeNull();
    expect(next(slow, { analyses: 2, time: time(290) })).toMatchObject({ blocks: 1 });
  });
});
