import { describe, expect, test } from "vitest";
import { judgeCount } from "../../../reports/gate/judge-count.js";
import { judgeTime, pairedChange, unpairedChange } from "../../../reports/gate/judge-time.js";
import { restOfPilot } from "../../../reports/gate/next-round.js";
import { blocksPlanned, spreadOf } from "../../../reports/gate/planning.js";
import { stepsOf } from "../../../reports/gate/steps.js";

describe("a count", () => {
  test.each([
    { what: "equal", before: [3], now: [3.01], verdict: "same" },
    { what: "one more, seen once", before: [3], now: [4], verdict: "suspect" },
    { what: "one more, seen twice", before: [3], now: [4, 4.01], verdict: "worse" },
    { what: "one more in every 128 KiB alone", before: [0.031], now: [0.0625, 0.0625], verdict: "worse" },
    { what: "one fewer", before: [3], now: [2, 2], verdict: "better" },
    { what: "more in one run of two", before: [3], now: [3, 4], verdict: "suspect" },
    { what: "more in one run of three", before: [3], now: [3, 3, 4], verdict: "same" },
    { what: "not counted", before: [3], now: [], verdict: "unknown" },
  ])("$what: $verdict", ({ before, now, verdict }) => {
    expect(judgeCount("daemon system calls", before, now).verdict).toBe(verdict);
  });

  test.each([
    { measure: "daemon voluntary switches", before: [1.0], now: [1.2, 1.2], verdict: "same" },
    { measure: "daemon voluntary switches", before: [1.0], now: [2.0, 2.0], verdict: "worse" },
    { measure: "READ requests", before: [0], now: [1, 1], verdict: "worse" },
    { measure: "READ requests", before: [0.0313], now: [0.04, 0.04], verdict: "worse" },
    { measure: "descriptors left by an open", before: [0], now: [1, 1], verdict: "worse" },
    { measure: "descriptors left by an open", before: [0], now: [0.01, 0.01], verdict: "same" },
  ])("$measure from $before to $now: $verdict", ({ measure, before, now, verdict }) => {
    expect(judgeCount(measure, before, now).verdict).toBe(verdict);
  });
});

/** Ratios around `middle`, within `spread` of it. */
const around = (middle: number, n: number, spread = 0.02) =>
  Array.from({ length: n }, (_, index) => middle * (1 + spread * Math.sin(index * 2.4)));

describe("a time", () => {
  const judge = (ratios: readonly number[], rest: { wasRepeated?: boolean; leastRatio?: number; correction?: number } = {}) => {
    const { wasRepeated = true, leastRatio = 1.05, correction = 1 } = rest;
    const change = pairedChange(ratios)!;
    const [correctedP, correctedPFaster] = [Math.min(1, change.p * correction), Math.min(1, change.pFaster * correction)];
    return judgeTime(change, { correctedP, correctedPFaster, leastRatio, wasRepeated }).verdict;
  };
  test.each([
    { what: "unchanged", ratios: around(1, 20), verdict: "same" },
    { what: "2 percent slower: less than is worth reporting", ratios: around(1.02, 20), verdict: "same" },
    { what: "10 percent slower", ratios: around(1.1, 20), verdict: "worse" },
    { what: "10 percent faster", ratios: around(0.9, 20), verdict: "better" },
    { what: "10 percent slower in five blocks: no test can say so", ratios: around(1.1, 5), verdict: "suspect" },
    { what: "noise larger than the effect", ratios: around(1, 20, 0.4), verdict: "unknown" },
    { what: "unchanged in four blocks: too few to say so", ratios: around(1, 4), verdict: "unknown" },
    { what: "twice as slow in one block", ratios: [2], verdict: "unknown" },
  ])("$what: $verdict", ({ ratios, verdict }) => expect(judge(ratios)).toBe(verdict));

  test("nothing is called a regression before it was measured again", () => {
    expect(judge(around(1.1, 20), { wasRepeated: false })).toBe("suspect");
  });
  test("nor inside of what the run is known to differ from itself by", () => {
    expect(judge(around(1.1, 20), { leastRatio: 1.15 })).toBe("same");
  });
  test("nor where the correction for several measures takes its p away", () => {
    expect(judge(around(1.1, 14), { correction: 1 })).toBe("worse");
    expect(judge(around(1.1, 14), { correction: 100 })).not.toBe("worse");
  });
  test("of two sittings: the shift of the ratios to native", () => {
    const change = unpairedChange(around(20, 15), around(22, 15))!;
    expect(change.ratio).toBeCloseTo(1.1, 2);
    expect(change.p).toBeLessThan(1e-4);
    expect(change.n).toBe("15+15");
  });
  test("of two sittings the shorter one says whether there are enough blocks", () => {
    const change = unpairedChange(around(1, 20), around(1, 4))!;
    const rules = { correctedP: 1, correctedPFaster: 1, leastRatio: 1.05, wasRepeated: true };
    expect(judgeTime(change, rules)).toEqual({ verdict: "unknown", reason: "4 of the 5 blocks that it takes" });
  });
  test("without figures there is no change", () => {
    expect(pairedChange([])).toBeNull();
    expect(unpairedChange([], [1])).toBeNull();
  });
});

describe("planning", () => {
  test("twice the spread takes four times the blocks", () => {
    const [little, much] = [0.05, 0.1].map((spread) => blocksPlanned([around(1, 40, spread)], 1.05)) as [number, number];
    expect(much / little).toBeGreaterThan(3.5);
    expect(much / little).toBeLessThan(4.5);
  });
  test("an outlier does not move the spread", () => {
    expect(spreadOf([...around(1, 30), 9])).toBeLessThan(2 * spreadOf(around(1, 30)));
  });
  test("never fewer than the pilot's", () => expect(blocksPlanned([around(1, 5, 1e-6)], 1.05)).toBe(5));
});

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

describe("steps in a history", () => {
  const level = (value: number, n: number) => around(value, n, 0.01);
  test.each([
    { what: "none in noise", values: level(1, 20), at: [] },
    { what: "one", values: [...level(1, 10), ...level(1.3, 10)], at: [10] },
    { what: "up and down again", values: [...level(1, 12), ...level(2, 12), ...level(1, 12)], at: [12, 24] },
    { what: "none for an outlier", values: [...level(1, 10), 9, ...level(1, 10)], at: [] },
    { what: "none smaller than is worth reporting", values: [...level(1, 20), ...level(1.02, 20)], at: [] },
    { what: "none in too few values", values: [1, 1, 1, 9, 9, 9], at: [] },
  ])("$what", ({ values, at }) => expect(stepsOf(values).map((step) => step.at)).toEqual(at));
});
