import { probit } from "simple-statistics";
import { describe, expect, test } from "vitest";
import {
  estimate,
  isUndecided,
  medianInterval,
  noiseFloor,
  outliers,
  pairedRatios,
  robustDeviation,
} from "../../../reports/figures/statistics.js";

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);
const inBlocks = (...values: number[]) => values.map((value, block) => ({ block, value }));

describe("the interval of a median", () => {
  // The ranks of the 95 percent interval for a median: Conover, table A3; coverage is 1 - 2 P(X < low), X ~ B(n, 1/2).
  test.each([
    { n: 1, low: 1, high: 1, coverage: 0, reaches95: false },
    { n: 2, low: 1, high: 2, coverage: 0.5, reaches95: false },
    { n: 3, low: 1, high: 3, coverage: 0.75, reaches95: false },
    { n: 5, low: 1, high: 5, coverage: 0.9375, reaches95: false },
    { n: 6, low: 1, high: 6, coverage: 0.96875, reaches95: true },
    { n: 8, low: 1, high: 8, coverage: 0.9921875, reaches95: true },
    { n: 9, low: 2, high: 8, coverage: 0.9609375, reaches95: true },
    { n: 10, low: 2, high: 9, coverage: 0.978515625, reaches95: true },
    { n: 20, low: 6, high: 15, coverage: 0.9586, reaches95: true },
    { n: 30, low: 10, high: 21, coverage: 0.9572, reaches95: true },
  ])("of $n values: the $low. to the $high., coverage $coverage", ({ n, low, high, coverage, reaches95 }) => {
    const interval = medianInterval(upTo(n).toReversed());
    expect(interval).toMatchObject({ low, high, reaches95 });
    expect(interval.coverage).toBeCloseTo(coverage, 4);
  });
});

/** The probability that at most k of n values drawn at random fall below the median. */
function atMost(k: number, n: number): number {
  let ways = 1;
  let total = 1;
  for (let index = 0; index < k; index++) {
    ways = (ways * (n - index)) / (index + 1);
    total += ways;
  }
  return total / 2 ** n;
}

describe("the interval of a median, by the binomial distribution", () => {
  test.each(Array.from({ length: 95 }, (_, index) => index + 6))("of %i values is the narrowest that reaches 95 percent", (n) => {
    const { low, high, coverage, reaches95 } = medianInterval(upTo(n));
    // The values are their own ranks: the interval leaves out `low - 1` values at each end.
    const outside = 2 * atMost(low - 1, n);
    expect(high).toBe(n + 1 - low);
    expect(coverage).toBeCloseTo(1 - outside, 10);
    expect(outside).toBeLessThanOrEqual(0.05);
    expect(2 * atMost(low, n)).toBeGreaterThan(0.05);
    expect(reaches95).toBe(true);
  });

  // 5 values have 15 of 16 cases inside their range, which is 93.75 percent: not enough.
  test.each([1, 2, 3, 4, 5])("of %i values is their range, and too narrow", (n) => {
    expect(medianInterval(upTo(n))).toMatchObject({ low: 1, high: n, reaches95: false });
    expect(medianInterval(upTo(n)).coverage).toBeCloseTo(1 - 2 * atMost(0, n), 10);
  });
});

test.each([
  { values: [3, 1, 2], median: 2, n: 3 },
  { values: [4, 1, 2, 3], median: 2.5, n: 4 },
])("the median of $values is $median", ({ values, median, n }) => {
  expect(estimate(values)).toMatchObject({ median, n });
});

test("nothing has no median", () => expect(estimate([])).toBeNull());

describe("paired ratios", () => {
  test("are taken within a block, so a drift of both cancels out", () => {
    expect(pairedRatios(inBlocks(10, 20, 40), inBlocks(20, 40, 80))).toEqual(inBlocks(0.5, 0.5, 0.5));
  });
  test("leave out a block that one of the two lacks, and a divisor of zero", () => {
    const reference = [
      { block: 2, value: 4 },
      { block: 1, value: 0 },
      { block: 5, value: 1 },
    ];
    expect(pairedRatios(inBlocks(1, 2, 3), reference)).toEqual([{ block: 2, value: 0.75 }]);
  });
});

describe("the robust deviation", () => {
  test("of a normal distribution is its standard deviation", () => {
    // The values that divide the distribution into 1,000 equal parts, of deviation 3 about 7.
    const values = upTo(999).map((part) => 7 + 3 * probit(part / 1000));
    expect(robustDeviation(values)).toBeCloseTo(3, 3);
    expect(robustDeviation([...values, 1e9])).toBeCloseTo(3, 2);
  });
});

describe("outliers", () => {
  test.each([
    { what: "a value far from the rest", values: [10, 11, 9, 10.5, 30], found: [{ block: 4, value: 30 }] },
    { what: "none in an even spread", values: [10, 11, 9, 10.5, 9.5], found: [] },
    { what: "none among four: too few to tell", values: [10, 10, 10, 30], found: [] },
    { what: "none in an even spread of a large unit", values: [1000, 1100, 900, 1050, 950], found: [] },
    {
      what: "a value far from the rest of a small unit",
      values: [0.1, 0.11, 0.09, 0.105, 0.3],
      found: [{ block: 4, value: 0.3 }],
    },
    { what: "none at the bound itself: 3.5 deviations", values: [-1, 0, 1, -1, 3.5 * 1.4826], found: [] },
    { what: "none where all are equal", values: [10, 10, 10, 10, 10], found: [] },
  ])("$what", ({ values, found }) => expect(outliers(inBlocks(...values))).toEqual(found));
});

describe("what can't be told from native", () => {
  test.each([
    { what: "an interval that includes 1", values: [0.98, 1, 1.03], floor: 1, undecided: true },
    { what: "an interval below 1", values: [0.9, 0.91, 0.92], floor: 1, undecided: false },
    { what: "an interval below 1, but inside the noise floor", values: [0.96, 0.97, 0.98], floor: 1.05, undecided: true },
    { what: "an interval half outside the noise floor", values: [0.9, 0.97, 0.98], floor: 1.05, undecided: false },
    { what: "an interval that begins at 1", values: [1, 1.1, 1.2], floor: 1, undecided: true },
    { what: "an interval that ends at 1", values: [0.8, 0.9, 1], floor: 1, undecided: true },
    { what: "an interval that begins at the noise floor", values: [0.8, 0.85, 0.9], floor: 1.25, undecided: true },
    { what: "an interval that ends at the noise floor", values: [1.1, 1.2, 1.25], floor: 1.25, undecided: true },
    { what: "an interval above 1 and the noise floor", values: [1.1, 1.2, 1.3], floor: 1.05, undecided: false },
  ])("$what: $undecided", ({ values, floor, undecided }) => {
    expect(isUndecided(estimate(values)!, floor)).toBe(undecided);
  });
  test.each([
    { again: [0.8, 1, 1.1], floor: 1.25 },
    { again: [1.02, 1.03, 1.04], floor: 1.04 },
    { again: [1, 1, 1], floor: 1 },
  ])("native by native again of $again gives the floor $floor", ({ again, floor }) => {
    expect(noiseFloor(estimate(again)!)).toBeCloseTo(floor, 12);
  });
});
