import { describe, expect, test } from "vitest";
import { ALPHA, judgeTime, pairedChange, type TimeChange, unpairedChange } from "../../../reports/gate/judge-time.js";
import { around } from "./around.js";

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
  /** A change of 10 percent that every condition of a regression holds for, but for those that are given. */
  const changed = (change: Partial<TimeChange>, given: Partial<Parameters<typeof judgeTime>[1]> = {}) =>
    judgeTime(
      { ratio: 1.1, low: 1.06, high: 1.14, p: 1e-6, pFaster: 1, blocks: 20, n: "20", ...change },
      { correctedP: 1e-6, correctedPFaster: 1, leastRatio: 1.05, wasRepeated: true, ...given },
    );
  test.each([
    { what: "all of them", change: {}, given: {}, verdict: "worse" },
    { what: "a median of the least effect itself", change: { ratio: 1.05 }, given: {}, verdict: "worse" },
    { what: "a smaller median", change: { ratio: 1.049 }, given: {}, verdict: "suspect" },
    { what: "an interval that begins at 1", change: { low: 1 }, given: {}, verdict: "suspect" },
    { what: "an interval that holds 1", change: { low: 0.99 }, given: {}, verdict: "suspect" },
    { what: "a p of the level itself", change: {}, given: { correctedP: ALPHA }, verdict: "suspect" },
    { what: "a p of its own above 5 percent", change: { p: 0.05, low: 0.9 }, given: {}, verdict: "unknown" },
    { what: "a p of its own just below", change: { p: 0.049, low: 0.9 }, given: {}, verdict: "suspect" },
    { what: "a median of 1", change: { ratio: 1, low: 0.9 }, given: {}, verdict: "unknown" },
    { what: "a median below 1", change: { ratio: 0.99, low: 0.9 }, given: {}, verdict: "unknown" },
    {
      what: "an interval that ends at the least effect",
      change: { ratio: 1.04, high: 1.05, p: 1 },
      given: {},
      verdict: "unknown",
    },
    { what: "one that ends below", change: { ratio: 1.04, high: 1.049, p: 1 }, given: {}, verdict: "same" },
  ])("is judged by its conditions: $what: $verdict", ({ change, given, verdict }) => {
    expect(changed(change, given).verdict).toBe(verdict);
  });

  const faster = { ratio: 0.9, low: 0.86, high: 0.94, p: 1, pFaster: 1e-6 };
  test.each([
    { what: "all of its conditions", change: {}, given: {}, verdict: "better" },
    { what: "a median of the least effect itself", change: { ratio: 1 / 1.05 }, given: {}, verdict: "better" },
    { what: "a median nearer to 1", change: { ratio: 0.96 }, given: {}, verdict: "same" },
    { what: "an interval that ends at 1", change: { high: 1 }, given: {}, verdict: "same" },
    { what: "a p of the level itself", change: {}, given: { correctedPFaster: ALPHA }, verdict: "same" },
  ])("is better with $what: $verdict", ({ change, given, verdict }) => {
    expect(changed({ ...faster, ...change }, { correctedP: 1, correctedPFaster: 1e-6, ...given }).verdict).toBe(verdict);
  });

  test("that can't be told says how far its interval reaches", () => {
    expect(changed({ p: 0.5, low: 0.9, high: 1.3 }).reason).toBe("the interval reaches 30 % slower, and no test settles it");
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
