import { expect, test } from "vitest";
import type { Step } from "../../../runners/run/plan.js";
import { Clock } from "../../../runners/run/progress.js";

const step = (backend: string, block: number, counted = false): Step => ({
  key: { backend, workload: "rnd-rd-1th-1f", ioSizeBytes: 4096, cache: "warm" },
  block,
  order: 0,
  counted,
});

test("nothing is estimated before the first sample", () => {
  expect(new Clock().estimate([step("native", 0)])).toBeNull();
});

test("a cell takes as long as it took before, an unknown one as long as the mean", () => {
  const clock = new Clock();
  clock.add(step("native", 0), 1);
  clock.add(step("fuse", 0), 3);
  expect(clock.estimate([step("native", 1), step("fuse", 1), step("passthrough", 1)])).toBe(1 + 3 + 2);
});

test("a counted sample takes longer than a timed one and does not stand for it", () => {
  const clock = new Clock();
  clock.add(step("native", 0, true), 9);
  clock.add(step("native", 1), 1);
  expect(clock.estimate([step("native", 2)])).toBe(1);
});
