import { describe, expect, test } from "vitest";
import { judgeTime, pairedChange, unpairedChange } from "../../../reports/gate/judge-time.js";
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
