import { expect, test } from "vitest";
import { estimateOfRounds, halfWidthOf, inverse } from "../../../reports/figures/round-estimate.js";

test("a few rounds have Student's interval of the logarithms", () => {
  const { median, interval, n } = estimateOfRounds([1, 1.02, 1.04, 0.98].map((ratio) => ratio * 1.1))!;
  // By SciPy: ttest_1samp of the logarithms.
  expect([median, interval.low, interval.high]).toEqual([
    expect.closeTo(1.11073, 4),
    expect.closeTo(1.06644, 4),
    expect.closeTo(1.15686, 4),
  ]);
  expect({ n, ...interval }).toMatchObject({ n: 4, coverage: 0.95, reaches95: true });
});

test("from ten rounds on a single disturbed round does not move the ratio", () => {
  const quiet = [0.99, 0.992, 0.995, 1, 1, 1.002, 1.005, 1.01, 1.012];
  const { median, interval } = estimateOfRounds([...quiet, 3])!;
  expect(median).toBeCloseTo(1.002, 3);
  expect(interval.high).toBeLessThan(1.02);
  // Nine have none to spare: the interval says so.
  expect(estimateOfRounds([...quiet.slice(1), 3])!.interval.high).toBeGreaterThan(1.4);
});

test("a ratio and its inverse have the same interval", () => {
  const ratios = [1.9, 2, 2.05, 2.2, 2, 2.1, 1.95, 2.02, 2.01];
  const [estimate, other] = [estimateOfRounds(ratios)!, estimateOfRounds(ratios.map((ratio) => 1 / ratio))!];
  expect(inverse(estimate).median).toBeCloseTo(other.median, 12);
  expect(inverse(estimate).interval.low).toBeCloseTo(other.interval.low, 12);
  expect(halfWidthOf(inverse(estimate))).toBeCloseTo(halfWidthOf(estimate)!, 12);
});

test("the interval of a run that its precision ended is wider than one of fixed rounds", () => {
  const ratios = [1, 1.01, 0.99, 1.02, 1.005];
  const [fixed, looked] = [estimateOfRounds(ratios)!, estimateOfRounds(ratios, "precision")!];
  expect(looked.median).toBe(fixed.median);
  // Student's factors for 4 degrees of freedom: 2.776 for 95 percent, 3.495 for 97.5.
  expect(Math.log(looked.interval.high / looked.median) / Math.log(fixed.interval.high / fixed.median)).toBeCloseTo(1.25895, 4);
});

test("no round has no estimate, and a single one no interval", () => {
  expect(estimateOfRounds([])).toBeNull();
  const single = estimateOfRounds([1.5])!;
  expect(single).toEqual({ median: 1.5, interval: { low: 1.5, high: 1.5, coverage: 0, reaches95: false }, n: 1 });
  expect(halfWidthOf(single)).toBeNull();
});
