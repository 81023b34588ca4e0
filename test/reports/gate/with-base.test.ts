import { describe, expect, test } from "vitest";
import { knownDifference } from "../../../reports/gate/known-difference.js";
import { timeMetrics } from "../../../reports/gate/metrics.js";
import { roundsPlanned } from "../../../reports/gate/planning.js";
import { judge, judgeNothing } from "../../../reports/gate/reference.js";
import { timeRatios } from "../../../reports/gate/time-ratios.js";
import { comparedWithBase } from "../../../reports/gate/with-base.js";
import type { Run } from "../../../results/index.js";
import { failed } from "../run-of.js";
import { type Changes, entry, measured, rules } from "./measured.js";
import { sliced } from "./sliced.js";

const pairs = [{ name: "daemon", base: "base", head: "mine" }];

/** The usual daemon as base, and a changed one as head, in one run. */
function both(changes: Changes = {}): Run {
  const [before, now] = [measured(), measured(changes)];
  const isMine = ({ backend }: { readonly backend: string }) => backend === "mine";
  return {
    ...now,
    cells: [...now.cells, ...before.cells.filter(isMine).map((cell) => ({ ...cell, backend: "base" }))],
    backends: [
      ...now.backends,
      ...before.backends.filter(({ name }) => name === "mine").map((record) => ({ ...record, name: "base" })),
    ],
  };
}

describe("head is compared with base", () => {
  test("under the name of the pair: counts as they are, times in microseconds and within the block", () => {
    const { counts, times, success, notes } = comparedWithBase(both({ calls: 4, latencyFactor: 1.5 }), pairs, 10);
    expect(new Set([...counts, ...times, ...success].map(({ backend }) => backend))).toEqual(new Set(["daemon"]));
    expect(counts.find(({ metric }) => metric.id === "daemon system calls")).toMatchObject({ before: [3, 3], now: [4, 4] });
    expect(counts.find(({ metric }) => metric.remeasure === "opens")).toMatchObject({ place: "open and close", now: [0, 0] });
    const [latency] = times;
    expect(latency).toMatchObject({ unit: "us", obstacle: null, metric: { id: "mean latency" } });
    expect(latency!.before).toBeCloseTo(20, 0);
    expect(latency!.now).toBeCloseTo(30, 0);
    expect(latency!.ratios).toHaveLength(20);
    for (const ratio of latency!.ratios) expect(ratio).toBeCloseTo(1.5, 10);
    expect(latency!.freshRatio).toBeCloseTo(1.5, 10);
    expect(notes).toHaveLength(1);
  });

  test("only in cells that both have", () => {
    const run = both();
    const { counts, times } = comparedWithBase(
      { ...run, cells: run.cells.filter(({ backend }) => backend !== "base") },
      pairs,
      null,
    );
    expect(times).toEqual([]);
    expect(counts.map(({ metric }) => metric.remeasure)).toEqual(["opens"]);
  });

  test("requests that base did not count are not compared with 0", () => {
    const run = both({ reads: 2 });
    const cells = run.cells.map((cell) => {
      if (cell.backend !== "base") return cell;
      return {
        ...cell,
        counts: cell.counts.map((one) => (one.ok ? { ...one, figures: { ...one.figures, requests: null } } : one)),
      };
    });
    const { counts } = comparedWithBase({ ...run, cells }, pairs, null);
    expect(counts.map(({ metric }) => metric.id)).not.toContain("READ requests");
  });

  test("where base itself does not work, a head that fails is no regression: nothing can be told", () => {
    const broken = (name: string, run: Run): Run => ({
      ...run,
      cells: run.cells.map((cell) =>
        cell.backend === name ? { ...cell, samples: cell.samples.map((one) => failed(one, "broken")), counts: [] } : cell,
      ),
    });
    const verdictOf = (run: Run) => judge(run, { kind: "head", pairs }, rules);
    expect(verdictOf(broken("mine", both()))).toMatchObject({ verdict: "regression" });
    const untold = verdictOf(broken("base", broken("mine", both())));
    expect(untold.verdict).toBe("can't tell");
    expect(untold.rows.filter(({ metric }) => metric.kind !== "count")).toEqual([
      expect.objectContaining({
        verdict: "unknown",
        reason: "broken",
        n: "0",
        metric: expect.objectContaining({ kind: "working" }),
      }),
    ]);
  });

  test("a base that failed once is known to work", () => {
    const run = both();
    const cells = run.cells.map((cell) => {
      if (cell.backend === "mine") return { ...cell, samples: cell.samples.map((one) => failed(one, "broken")), counts: [] };
      const [first, ...rest] = cell.samples;
      return cell.backend === "base" ? { ...cell, samples: [failed(first!, "once"), ...rest] } : cell;
    });
    expect(judge({ ...run, cells }, { kind: "head", pairs }, rules).verdict).toBe("regression");
  });

  test("a pair that is not in the run has nothing to compare", () => {
    const { counts, times, success } = comparedWithBase(both(), [{ name: "x", base: "nowhere", head: "nobody" }], null);
    expect([counts, times, success]).toEqual([[], [], []]);
  });

  test("descriptors that were not counted for base are not compared", () => {
    const run = both({ left: 200 });
    const backends = run.backends.map(({ descriptorsLeft, ...record }) =>
      record.name === "base" || descriptorsLeft === undefined ? record : { ...record, descriptorsLeft },
    );
    const { counts } = comparedWithBase({ ...run, backends }, pairs, null);
    expect(counts.some(({ metric }) => metric.remeasure === "opens")).toBe(false);
  });
});

describe("the reference of a judgement", () => {
  test("a baseline for counts alone judges no times", () => {
    const times = (kinds: ReadonlySet<"counts" | "times">, use: "counts" | "counts and times") =>
      judge(measured(), { kind: "baseline", entry, use }, { kinds, leastRatio: 1.05 }).rows.filter(
        ({ metric }) => metric.kind === "time",
      ).length;
    expect(times(new Set(["counts", "times"]), "counts and times")).toBe(2);
    expect(times(new Set(["counts", "times"]), "counts")).toBe(0);
    expect(times(new Set(["counts"]), "counts and times")).toBe(0);
  });

  test("counts and times are judged only where they are asked for", () => {
    const kindsOf = (kinds: ReadonlySet<"counts" | "times">) => {
      const { rows, plannedRounds } = judge(both(), { kind: "head", pairs }, { kinds, leastRatio: 1.05 });
      return { kinds: [...new Set(rows.map(({ metric }) => metric.kind))], isPlanned: plannedRounds !== null };
    };
    expect(kindsOf(new Set(["counts"]))).toEqual({ kinds: ["count"], isPlanned: false });
    expect(kindsOf(new Set(["times"]))).toEqual({ kinds: ["time"], isPlanned: true });
  });

  test("a run that a baseline is made of is not judged, but planned", () => {
    const calm = judgeNothing(sliced(), rules);
    expect(calm).toMatchObject({ rows: [], verdict: "can't tell", notes: [] });
    expect(calm.plannedRounds).toBe(roundsPlanned(timeRatios(sliced()), rules.leastRatio));
    expect(judgeNothing(sliced(), { ...rules, kinds: new Set(["counts"]) }).plannedRounds).toBeNull();
  });
});

test("the noise of a run is read from the ratios of daemons to native", () => {
  const ratios = timeRatios(sliced());
  // Three daemons, each with two times.
  expect(ratios).toHaveLength(3 * timeMetrics.length);
  for (const series of ratios) expect(series).toHaveLength(12);
  expect(ratios[0]![0]).toBeCloseTo(20, 0);
});

describe("the known difference of native from itself", () => {
  const [latency] = timeMetrics;
  /** Native under its second name is slower by a factor, give or take the noise of a block. */
  const beside = (factor: number, blocks = 20) => {
    const run = measured({ blocks });
    const native = run.cells.find(({ backend }) => backend === "native")!;
    const again = {
      ...native,
      backend: "native-again",
      role: "reference again" as const,
      samples: native.samples.map((sample) =>
        sample.ok
          ? {
              ...sample,
              figures: {
                ...sample.figures,
                latencyNs: {
                  ...sample.figures.latencyNs,
                  mean: sample.figures.latencyNs.mean * factor * (1 + 0.01 * Math.sin(sample.block * 1.7)),
                },
              },
            }
          : sample,
      ),
    };
    return knownDifference({ ...run, cells: [native, again] }, native, latency!);
  };
  test("is the end of the interval that is nearer to 1, slower or faster", () => {
    expect(beside(1.2)).toBeGreaterThan(1.18);
    expect(beside(1.2)).toBeLessThan(1.2);
    expect(beside(1 / 1.2)).toBeGreaterThan(1.18);
    expect(beside(1 / 1.2)).toBeLessThan(1.2);
  });
  test("is none where the interval holds 1, or where there are too few blocks for an interval", () => {
    expect(beside(1)).toBe(1);
    expect(beside(1.2, 5)).toBe(1);
    expect(beside(1.2, 6)).toBeGreaterThan(1.1);
  });
  test("is none where native was measured once", () => {
    const run = measured();
    const once = { ...run, cells: run.cells.filter(({ backend }) => backend !== "native-again") };
    expect(knownDifference(once, once.cells[0]!, latency!)).toBe(1);
    const again = { ...run, cells: run.cells.filter(({ backend }) => backend !== "native") };
    expect(knownDifference(again, again.cells[0]!, latency!)).toBe(1);
  });
});
