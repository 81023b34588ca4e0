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
    { what: "in any order", values: [5, -1, 4, 2, 3], p: 2 / 32 },
    { what: "zeros, which are left out", values: [0, 1, 2, 0, 3, 4, 5], p: 1 / 32 },
    { what: "zeros alone", values: [0, 0], p: 1 },
    { what: "none", values: [], p: 1 },
  ])("$what", ({ values, p }) => expect(signedRankP(values)).toBeCloseTo(p, 4));

  // Every third of the values is below zero. The distribution was counted out, and the normal one computed, by another program.
  const mixed = (n: number) => upTo(n).map((value) => (value % 3 === 0 ? -value : value));
  test("of 40 values is counted out, of more it is the normal one with a correction for continuity", () => {
    expect(signedRankP(mixed(40))).toBeCloseTo(0.03308030813, 10);
    expect(signedRankP(mixed(41))).toBeCloseTo(0.0209525013, 6);
  });

  test("is continuous where the normal distribution takes over", () => {
    // One value more, above zero, makes it a little less probable by chance, and no more than that.
    const change = signedRankP(mixed(41)) / signedRankP(mixed(40));
    expect(change).toBeGreaterThan(0.5);
    expect(change).toBeLessThan(1);
  });
});

describe("the Mann-Whitney test, one-sided", () => {
  test.each([
    { what: "five above five: 1 of 252 choices", values: [6, 7, 8, 9, 10], others: [1, 2, 3, 4, 5], p: 1 / 252 },
    { what: "one pair changed: 2 of 252", values: [5, 7, 8, 9, 10], others: [1, 2, 3, 4, 6], p: 2 / 252 },
    { what: "below", values: [1, 2], others: [3, 4], p: 1 },
    { what: "series of two lengths: 7 of 35 choices", values: [3, 5, 9], others: [1, 2, 4, 8], p: 7 / 35 },
    { what: "none", values: [], others: [1], p: 1 },
    { what: "none to compare with", values: [1], others: [], p: 1 },
    { what: "many and none", values: [], others: upTo(41), p: 1 },
  ])("$what", ({ values, others, p }) => expect(rankSumP(values, others)).toBeCloseTo(p, 6));

  test("of 40 values together is counted out, of more it is the normal one with a correction for continuity", () => {
    const [values, others] = [
      (n: number) => upTo(n).map((value) => 1.7 * value + 1.4),
      (n: number) => upTo(n).map((value) => 2.3 * value - 1.87),
    ];
    expect(rankSumP(values(25), others(15))).toBeCloseTo(0.04698048587, 10);
    expect(rankSumP(values(25), others(16))).toBeCloseTo(0.0763803757, 6);
    expect(rankSumP(values(30), others(20))).toBeCloseTo(0.1079165475, 6);
  });

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

test("the interval of a shift leaves out 18 of 84 differences at each end: their values were computed by another program", () => {
  const values = [12.1, 15.3, 11.2, 19.9, 14.4, 17.8, 13.0, 16.6, 18.1, 12.9, 20.2, 15.9];
  const others = [10.3, 14.9, 9.8, 13.3, 12.2, 11.1, 16.0];
  const { median, low, high } = shift(values, others);
  expect(low).toBeCloseTo(0.1, 10);
  expect(median).toBeCloseTo(3.1, 10);
  expect(high).toBeCloseTo(6.1, 10);
});

test("the interval of a shift between few values is the range of their differences", () => {
  expect(shift([5], [3])).toEqual({ median: 2, low: 2, high: 2 });
  expect(shift([7, 5], [1, 4])).toEqual({ median: 3.5, low: 1, high: 6 });
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
