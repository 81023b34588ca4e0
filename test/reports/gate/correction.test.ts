import { describe, expect, test } from "vitest";
import type { ComparedTime } from "../../../reports/gate/compared.js";
import { decide } from "../../../reports/gate/decision.js";
import { ALPHA, type TimeChange } from "../../../reports/gate/judge-time.js";
import { timeMetrics } from "../../../reports/gate/metrics.js";

/** A time that is slower by `ratio` in 20 blocks, the fresh ones too, with the p value of its own test. */
function slower(p: number, ratio = 1.1): ComparedTime {
  const change: TimeChange = { ratio, low: 1.06, high: 1.14, p, pFaster: 1, blocks: 20, n: "20" };
  return {
    backend: "daemon",
    place: "rnd-rd-1th-1f 4 KiB warm",
    metric: timeMetrics[0]!,
    before: 100,
    now: 100 * ratio,
    unit: "us",
    change,
    ratios: new Array<number>(20).fill(ratio),
    freshRatio: ratio,
    knownDifference: 1,
    obstacle: null,
  };
}

const faster = (pFaster: number): ComparedTime => ({
  ...slower(1),
  change: { ratio: 0.9, low: 0.88, high: 0.92, p: 1, pFaster, blocks: 20, n: "20" },
  freshRatio: 0.9,
});

const rules = { kinds: new Set(["times"] as const), leastRatio: 1.05 };
const decideTimes = (times: readonly ComparedTime[]) => decide({ counts: [], slices: [], times, success: [], notes: [] }, rules);

/** Four times that are tested together: the level of the smallest p value is a quarter. */
const m = 4;

describe("times are tested together, so the p values are corrected by Holm's method", () => {
  test("a p value below the level by itself, but not after correction, is no regression", () => {
    const p = (ALPHA / m + ALPHA) / 2;
    expect(decideTimes([slower(p)])).toMatchObject({ verdict: "regression" });
    const decision = decideTimes(new Array<ComparedTime>(m).fill(slower(p)));
    expect(decision.rows.map(({ verdict }) => verdict)).toEqual(new Array(m).fill("suspect"));
    expect(decision).toMatchObject({ verdict: "can't tell" });
    for (const row of decision.rows) expect(row.p).toBeCloseTo(p * m, 12);
  });

  test("one below a quarter of the level is, beside three that are not", () => {
    const decision = decideTimes([slower(0.5), slower(0.9 * (ALPHA / m)), slower(0.5), slower(0.5)]);
    expect(decision.rows.map(({ verdict }) => verdict)).toEqual(["worse", "unknown", "unknown", "unknown"]);
    expect(decision.rows[0]!.p).toBeCloseTo(0.9 * ALPHA, 12);
  });

  test("each p value meets its own step: the second smallest of two counts once", () => {
    const [first, second] = [0.4 * ALPHA, 0.9 * ALPHA];
    expect(decideTimes([slower(second), slower(first)]).rows.map(({ verdict }) => verdict)).toEqual(["worse", "worse"]);
    expect(decideTimes([slower(second), slower(0.6 * ALPHA)]).rows.map(({ verdict }) => verdict)).toEqual(["suspect", "suspect"]);
  });

  test("a time without figures counts as one that shows nothing", () => {
    const unmeasured = { ...slower(1), change: null, ratios: [], freshRatio: null };
    const p = (ALPHA / 2 + ALPHA) / 2;
    expect(decideTimes([slower(p), unmeasured]).rows.map(({ verdict }) => verdict)).toEqual(["suspect", "unknown"]);
  });

  test("a slowdown that its fresh blocks show by half or more is a regression", () => {
    const known = { ...slower(1e-6, 1.3), knownDifference: 1.21 };
    expect(decideTimes([{ ...known, freshRatio: 1.1 }]).rows[0]!.verdict).toBe("worse");
    expect(decideTimes([{ ...known, freshRatio: 1.09 }]).rows[0]).toMatchObject({
      verdict: "unknown",
      reason: "looked worse, and less so when it was measured again",
    });
  });

  test("an improvement is corrected likewise", () => {
    const p = (ALPHA / m + ALPHA) / 2;
    expect(decideTimes([faster(p)]).rows[0]!.verdict).toBe("better");
    expect(decideTimes(new Array<ComparedTime>(m).fill(faster(p))).rows.map(({ verdict }) => verdict)).toEqual(
      new Array(m).fill("same"),
    );
  });
});
