import { describe, expect, test } from "vitest";
import { blocksPlanned, spreadOf } from "../../../reports/gate/planning.js";
import { around } from "./around.js";

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
