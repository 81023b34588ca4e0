import { describe, expect, test } from "vitest";
import { roundsPlanned, spreadOf } from "../../../reports/gate/planning.js";
import { around } from "./around.js";

describe("planning", () => {
  test("twice the spread takes four times the rounds", () => {
    const [little, much] = [0.05, 0.1].map((spread) => roundsPlanned([around(1, 40, spread)], 1.02)!) as [number, number];
    expect(much / little).toBeGreaterThan(3.5);
    expect(much / little).toBeLessThan(4.5);
  });
  // The logarithms have a median absolute deviation of 0.1: a spread of 0.14826. The numbers were computed by another program from
  // (z(1 - 0.0001 / times) + z(0.95))^2 (0.14826 / log(effect))^2.
  const known = [-0.1, -0.1, 0, 0.1, 0.1].map(Math.exp);
  /** Within 1.5 percent: the quantiles are approximate. */
  const about = (planned: number | null, rounds: number) => Math.abs(planned! / rounds - 1) < 0.015;
  test.each([
    { times: 1, effect: 1.02, rounds: 1613 },
    { times: 4, effect: 1.02, rounds: 1822 },
    { times: 1, effect: 1.05, rounds: 266 },
  ])("$times times and an effect of $effect take about $rounds rounds", ({ times, effect, rounds }) => {
    expect(about(roundsPlanned(new Array<number[]>(times).fill(known), effect), rounds)).toBe(true);
  });
  test("a time of which nothing is known yet asks for nothing, but is tested too", () => {
    expect(about(roundsPlanned([known, [], [1.1], [1.2]], 1.02), 1822)).toBe(true);
    expect(roundsPlanned([], 1.02)).toBeNull();
    expect(roundsPlanned([[], [1.1]], 1.02)).toBeNull();
  });
  test("two ratios have a spread, and so have ratios of which most are equal", () => {
    expect(spreadOf([1, 1.1])).toBeGreaterThan(0.05);
    expect(spreadOf([1, 1, 1, 1, 2])).toBeCloseTo(0.277, 2);
    expect(spreadOf([1])).toBeNaN();
  });
  test("an outlier does not move the spread", () => {
    expect(spreadOf([...around(1, 30), 9])).toBeLessThan(2 * spreadOf(around(1, 30)));
  });
  test("never fewer than those that are judged", () => expect(roundsPlanned([around(1, 5, 1e-6)], 1.02)).toBe(4));
});
