import { describe, expect, test } from "vitest";
import { holm, rankSumP, shift, signedRankP } from "../../../reports/figures/rank-tests.js";

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

describe("the signed-rank test, one-sided", () => {
  test.each([
    { what: "five of five above zero: 1 of 32 choices of signs", values: [1, 2, 3, 4, 5], p: 1 / 32 },
    { what: "the least one below: 2 of 32", values: [-1, 2, 3, 4, 5], p: 2 / 32 },
    { what: "all below", values: [-1, -2, -3, -4, -5], p: 1 },
    // Table A of Wilcoxon and Wilcox, 1964: for n = 10 a sum of 8 has the one-sided probability 0.0244.
    { what: "ten with a negative sum of 8", values: [1, 2, 3, 4, 5, 6, 7, -8, 9, 10], p: 0.0244 },
    { what: "zeros alone", values: [0, 0], p: 1 },
    { what: "none", values: [], p: 1 },
  ])("$what", ({ values, p }) => expect(signedRankP(values)).toBeCloseTo(p, 4));

  test("is continuous where the normal distribution takes over", () => {
    const values = (n: number) => upTo(n).map((value) => (value % 3 === 0 ? -value : value));
    // One value more, above zero, makes it a little less probable by chance, and no more than that.
    const change = signedRankP(values(41)) / signedRankP(values(40));
    expect(change).toBeGreaterThan(0.5);
    expect(change).toBeLessThan(1);
  });
});

describe("the Mann-Whitney test, one-sided", () => {
  test.each([
    { what: "five above five: 1 of 252 choices", values: [6, 7, 8, 9, 10], others: [1, 2, 3, 4, 5], p: 1 / 252 },
    { what: "one pair changed: 2 of 252", values: [5, 7, 8, 9, 10], others: [1, 2, 3, 4, 6], p: 2 / 252 },
    { what: "below", values: [1, 2], others: [3, 4], p: 1 },
    { what: "none", values: [], others: [1], p: 1 },
  ])("$what", ({ values, others, p }) => expect(rankSumP(values, others)).toBeCloseTo(p, 6));

  test("of many values: the normal distribution", () => {
    expect(
      rankSumP(
        upTo(30).map((value) => value + 0.5),
        upTo(30),
      ),
    ).toBeCloseTo(0.44, 1);
    expect(
      rankSumP(
        upTo(30).map((value) => value + 30),
        upTo(30),
      ),
    ).toBeLessThan(1e-6);
  });
});

test("a shift of two series is found with an interval around it", () => {
  const { median, low, high } = shift(
    upTo(20).map((value) => value + 3),
    upTo(20),
  );
  expect(median).toBe(3);
  expect(low).toBeLessThan(3);
  expect(high).toBeGreaterThan(3);
});

test.each([
  { ps: [0.01, 0.04, 0.03], corrected: [0.03, 0.06, 0.06] },
  { ps: [0.5, 0.9], corrected: [1, 1] },
  { ps: [0.01], corrected: [0.01] },
  { ps: [], corrected: [] },
])("Holm's correction of $ps is $corrected", ({ ps, corrected }) => {
  expect(holm(ps)).toHaveLength(corrected.length);
  for (const [index, p] of holm(ps).entries()) expect(p).toBeCloseTo(corrected[index]!, 10);
});
