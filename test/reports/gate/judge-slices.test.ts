import { describe, expect, test } from "vitest";
import { farEnd, judgeSlices, LEAST_ROUNDS } from "../../../reports/gate/judge-slices.js";
import {
  acrossSittings,
  interval95,
  inverted,
  lowerBound,
  slowerP,
  upperBound,
  withinRounds,
} from "../../../reports/gate/log-ratio.js";
import { ONLY_LOOK } from "../../../reports/gate/looks.js";
import { around } from "./around.js";

interface Given {
  readonly floor?: readonly number[];
  readonly leastRatio?: number;
  readonly together?: number;
  readonly share?: number;
}

function judge(ratios: readonly number[], { floor, leastRatio = 1.02, together = 1, share = 1 }: Given = {}) {
  const look = { falseRegression: ONLY_LOOK.falseRegression * share, missedSlowdown: ONLY_LOOK.missedSlowdown * share };
  return judgeSlices(
    {
      change: withinRounds(ratios),
      knownDifference: farEnd(floor === undefined ? null : withinRounds(floor)),
      rounds: ratios.length,
    },
    { leastRatio, look, together },
  );
}

describe("a time by slices", () => {
  test.each([
    { what: "unchanged", ratios: around(1, 12, 0.006), verdict: "same" },
    { what: "1 percent slower: less than is worth reporting", ratios: around(1.01, 12, 0.006), verdict: "same" },
    { what: "3 percent slower", ratios: around(1.03, 12, 0.006), verdict: "worse" },
    { what: "3 percent slower in noise of 10", ratios: around(1.03, 12, 0.1), verdict: "unknown" },
    { what: "3 percent faster", ratios: around(0.97, 12, 0.006), verdict: "better" },
    { what: "1 percent faster: less than is worth reporting", ratios: around(0.99, 12, 0.006), verdict: "same" },
    { what: "unchanged in noise of 10 percent", ratios: around(1, 12, 0.1), verdict: "unknown" },
    { what: "10 percent slower in too few rounds", ratios: around(1.1, LEAST_ROUNDS - 1, 0.0001), verdict: "unknown" },
    { what: "10 percent slower in just enough", ratios: around(1.1, LEAST_ROUNDS, 0.0001), verdict: "worse" },
    { what: "twice as slow in one round", ratios: [2], verdict: "unknown" },
    { what: "without rounds", ratios: [], verdict: "unknown" },
    // The upper bound is above the least effect, and the mean is below it.
    { what: "a slowdown just below the least effect", ratios: around(1.015, 12, 0.015), verdict: "unknown" },
  ])("$what: $verdict", ({ ratios, verdict }) => expect(judge(ratios).verdict).toBe(verdict));

  const slower = around(1.03, 12, 0.012);
  test("is judged at a level that all times and looks share", () => {
    const p = slowerP(withinRounds(slower)!);
    const together = Math.floor(ONLY_LOOK.falseRegression / p);
    expect(together).toBeGreaterThan(1);
    expect(judge(slower, { together }).verdict).toBe("worse");
    expect(judge(slower, { together: together + 1 }).verdict).toBe("unknown");
    expect(judge(slower, { share: 0.5, together: Math.ceil(together / 2) + 1 }).verdict).toBe("unknown");
  });

  test("is no regression within what the run differs from itself by", () => {
    expect(judge(slower, { floor: around(1, 12, 0.006) }).verdict).toBe("worse");
    const { verdict, reason } = judge(slower, { floor: around(1.04, 12, 0.006) });
    expect(verdict).toBe("unknown");
    expect(reason).toContain("this host differs from itself by as much");
    // A base that is faster under its other name differs as much.
    expect(judge(slower, { floor: around(1 / 1.04, 12, 0.006) }).verdict).toBe("unknown");
  });

  test("that can't be told says what was reached", () => {
    expect(judge(around(1, 12, 0.1)).reason).toMatch(/^slower by \d\.\d % is not excluded$/);
    expect(judge(around(1.03, 12, 0.1)).reason).toMatch(/not excluded, nor is no slowdown, at the level of a regression$/);
    expect(judge([1, 1]).reason).toBe("2 of the 4 rounds that it takes");
  });

  test("that is the same in every round is the same", () => {
    expect(judge([1, 1, 1, 1]).verdict).toBe("same");
    expect(judge([1.03, 1.03, 1.03, 1.03]).verdict).toBe("worse");
  });
});

describe("the ratio of rounds", () => {
  const ratio = withinRounds(around(1.03, 9, 0.02))!;
  test("has bounds with an error on their side alone: the interval of 95 percent has half of 5 on each", () => {
    const { low, high } = interval95(ratio);
    expect(lowerBound(ratio, 0.025)).toBe(low);
    expect(upperBound(ratio, 0.025)).toBe(high);
    expect(upperBound(ratio, 0.001)).toBeGreaterThan(high);
    expect(slowerP({ ...ratio, centre: Math.log(ratio.centre > 0 ? 1 : 2) })).toBe(0.5);
  });

  test("has a lower bound of 1 at its own p", () => {
    expect(lowerBound(ratio, slowerP(ratio))).toBeCloseTo(1, 8);
    expect(slowerP(inverted(ratio))).toBeCloseTo(1 - slowerP(ratio), 12);
  });

  test("without a spread is certain", () => {
    const at = (centre: number) => slowerP({ centre, error: 0, degrees: 3 });
    expect([at(0.01), at(0), at(-0.01)]).toEqual([0, 0.5, 1]);
  });

  test("of two sittings has the spreads of both", () => {
    // From SciPy 1.17: stats.ttest_ind(log(now), log(earlier), equal_var=False).
    const [earlier, now] = [
      [2, 2.02, 1.99, 2.01, 2.03],
      [2.1, 2.06, 2.12, 2.08, 2.11, 2.09],
    ];
    const both = acrossSittings(earlier, now)!;
    expect(Math.exp(both.centre)).toBeCloseTo(1.041439, 6);
    expect(both.centre / both.error).toBeCloseTo(7.39035, 5);
    expect(both.degrees).toBe(8);
    // The same with trim=0.2, of ten rounds or more.
    const [more, later] = [
      [...earlier, 2.04, 1.98, 2.2, 2, 2.015],
      [...now, 2.07, 2.13, 1.9, 2.105, 2.095],
    ];
    const trimmed = acrossSittings(more, later)!;
    expect(Math.exp(trimmed.centre)).toBeCloseTo(1.0399234, 6);
    expect(trimmed.centre / trimmed.error).toBeCloseTo(7.3326344, 5);
    expect(trimmed.degrees).toBe(10);
    expect(acrossSittings([2], now)).toBeNull();
    expect(acrossSittings(earlier, [2])).toBeNull();
    expect(acrossSittings([2, 2], [2, 2, 2])).toEqual({ centre: 0, error: 0, degrees: 1 });
  });

  test("of one thing under two names: the farther end of its interval, as a factor", () => {
    expect(farEnd(null)).toBe(1);
    expect(farEnd({ centre: 0, error: 0, degrees: 5 })).toBe(1);
    const up = { centre: 0.01, error: 0.002, degrees: 9 };
    expect(farEnd(up)).toBe(interval95(up).high);
    expect(farEnd(inverted(up))).toBeCloseTo(interval95(up).high, 12);
  });
});
