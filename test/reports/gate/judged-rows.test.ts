import { describe, expect, test } from "vitest";
import type { ComparedCount, ComparedSuccess, ComparedTime } from "../../../reports/gate/compared.js";
import { decide } from "../../../reports/gate/decision.js";
import { pairedChange } from "../../../reports/gate/judge-time.js";
import { countRow, successRows, timeRows } from "../../../reports/gate/judged-rows.js";
import { DAEMON_SYSTEM_CALLS, SUCCESS, timeMetrics } from "../../../reports/gate/metrics.js";
import { rules } from "./measured.js";

const where = { backend: "mine", place: "somewhere" };
const count = (now: readonly number[]): ComparedCount => ({ ...where, metric: DAEMON_SYSTEM_CALLS, before: [3, 4, 5], now });

describe("the row of a count", () => {
  test("has the medians, the range of the runs, and the tolerance at the value before", () => {
    expect(countRow(count([4.5, 4, 4.4]))).toEqual({
      ...where,
      metric: DAEMON_SYSTEM_CALLS,
      unit: "per I/O",
      before: 4,
      now: 4.4,
      interval: { low: 4, high: 4.5 },
      n: "3+3",
      p: null,
      canBeRepeated: true,
      allowed: 0.08,
      time: null,
      verdict: "suspect",
      reason: "does not repeat: 2 of 3 counted runs are outside of the tolerance",
    });
  });

  test("that was not counted has no value, and can't be repeated", () => {
    expect(countRow(count([]))).toMatchObject({
      before: 4,
      now: null,
      interval: null,
      n: "3+0",
      canBeRepeated: false,
      verdict: "unknown",
      reason: "not counted in this run",
    });
  });
});

const ratios = [1.2, 1.21, 1.19, 1.2, 1.22, 1.18];
const time = (change: Partial<ComparedTime> = {}): ComparedTime => ({
  ...where,
  metric: timeMetrics[0]!,
  before: 20,
  now: 24,
  unit: "us",
  change: pairedChange(ratios),
  ratios,
  freshRatio: 1.2,
  knownDifference: 1.1,
  obstacle: null,
  ...change,
});

describe("the row of a time", () => {
  test("has its values, its interval, its corrected p, and the larger of least effect and known difference", () => {
    const [row] = timeRows([time(), time()], 1.05);
    expect(row).toMatchObject({ ...where, unit: "us", before: 20, now: 24, n: "6", canBeRepeated: true, allowed: 1.1 });
    expect(row!.interval).toEqual({ low: 1.18, high: 1.22 });
    // Six of six ratios above 1 is one of 64 choices of signs; there are two times.
    expect(row!.p).toBeCloseTo(2 / 64, 12);
    expect(row!.time).toEqual({ change: pairedChange(ratios), ratios, freshRatio: 1.2, knownDifference: 1.1, obstacle: null });
    expect(timeRows([time()], 1.15)[0]!.allowed).toBe(1.15);
  });

  test("that was not measured has no interval, no p, and can't be repeated", () => {
    expect(timeRows([time({ change: null, ratios: [], freshRatio: null, now: null })], 1.05)[0]).toMatchObject({
      interval: null,
      p: null,
      n: "0",
      canBeRepeated: false,
      verdict: "unknown",
      reason: "not measured",
    });
  });

  test("that has an obstacle says so, and can't be repeated", () => {
    expect(timeRows([time({ obstacle: "too busy" })], 1.05)[0]).toMatchObject({
      canBeRepeated: false,
      verdict: "unknown",
      reason: "too busy",
      n: "6",
    });
  });
});

describe("the row of a cell without a sample", () => {
  const success = (tried: number, failed: number): ComparedSuccess => ({
    ...where,
    tried,
    failed,
    failedRounds: 0,
    failure: "why",
  });
  test("is none where one sample succeeded", () => expect(successRows(success(3, 2))).toEqual([]));

  test.each([
    { what: "two of two failed", tried: 2, failed: 2, verdict: "worse", now: 0, canBeRepeated: true },
    { what: "one of one failed", tried: 1, failed: 1, verdict: "suspect", now: 0, canBeRepeated: true },
    { what: "nothing was tried", tried: 0, failed: 0, verdict: "unknown", now: null, canBeRepeated: false },
  ])("$what: $verdict", ({ tried, failed, verdict, now, canBeRepeated }) => {
    expect(successRows(success(tried, failed))).toEqual([
      {
        ...where,
        metric: SUCCESS,
        unit: "",
        before: null,
        now,
        interval: null,
        n: String(tried),
        p: null,
        canBeRepeated,
        allowed: 0,
        time: null,
        verdict,
        reason: "why",
      },
    ]);
  });

  test("stands for all metrics of the cell", () => {
    const compared = { counts: [count([])], slices: [], times: [time()], success: [success(2, 2)], notes: [] };
    expect(decide(compared, rules).rows.map(({ metric }) => metric.id)).toEqual(["samples that succeed"]);
    const elsewhere = { ...compared, success: [{ ...success(2, 2), place: "elsewhere" }] };
    expect(decide(elsewhere, rules).rows).toHaveLength(3);
  });
});

describe("the decision", () => {
  test("on nothing can't be told", () => {
    expect(decide({ counts: [], slices: [], times: [], success: [], notes: ["a note"] }, rules)).toEqual({
      rows: [],
      verdict: "can't tell",
      notes: ["a note"],
      plannedRounds: null,
    });
  });

  test("lists the rows by verdict: worse, suspect, unknown, better, same", () => {
    const counts = [count([4, 4]), count([1, 1]), count([]), count([9]), count([9, 9])];
    const { rows, verdict } = decide({ counts, slices: [], times: [], success: [], notes: [] }, rules);
    expect(rows.map((row) => row.verdict)).toEqual(["worse", "suspect", "unknown", "better", "same"]);
    expect(verdict).toBe("regression");
    const without = (n: number) =>
      decide({ counts: counts.slice(0, n), slices: [], times: [], success: [], notes: [] }, rules).verdict;
    expect([without(4), without(3), without(2), without(1)]).toEqual(["can't tell", "can't tell", "none slower", "none slower"]);
  });
});
