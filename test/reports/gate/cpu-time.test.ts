import { describe, expect, test } from "vitest";
import { decide } from "../../../reports/gate/decision.js";
import { entryOf } from "../../../reports/gate/entry.js";
import { comparedWithBaseline } from "../../../reports/gate/with-baseline.js";
import type { Run, TimedFigures } from "../../../results/index.js";
import { entry, measured, rules } from "./measured.js";

/** The run with other figures in the timed samples of some backends. */
function withFigures(run: Run, change: (figures: TimedFigures) => Partial<TimedFigures>, isChanged = (_: string) => true): Run {
  const cells = run.cells.map((cell) => {
    if (!isChanged(cell.backend)) return cell;
    const samples = cell.samples.map((sample) =>
      sample.ok ? { ...sample, figures: { ...sample.figures, ...change(sample.figures) } } : sample,
    );
    return { ...cell, samples };
  });
  return { ...run, cells };
}

const unknownDaemon = (run: Run) =>
  withFigures(
    run,
    ({ cpuSeconds }) => ({ cpuSeconds: { ...cpuSeconds, daemon: null } }),
    (backend) => backend === "mine",
  );

describe("where the CPU time of the daemon is not known", () => {
  test("the CPU time of an I/O is unknown, not the application's alone", () => {
    const decision = decide(comparedWithBaseline(unknownDaemon(measured()), entry, "counts and times", null), rules);
    const row = decision.rows.find(({ metric }) => metric.id === "CPU time");
    expect(row).toMatchObject({ verdict: "unknown", reason: "not measured", now: null });
    expect(decision.verdict).toBe("can't tell");
    // The latency is known: it is judged.
    expect(decision.rows.find(({ metric }) => metric.id === "mean latency")).toMatchObject({ verdict: "same" });
  });

  test("a baseline keeps no CPU time of its cell", () => {
    const cells = entryOf(unknownDaemon(measured()), new Date(0)).cells;
    expect(cells.find(({ backend }) => backend === "mine")?.timesToNative).not.toHaveProperty("CPU time");
    expect(entry.cells.find(({ backend }) => backend === "mine")?.timesToNative).toHaveProperty("CPU time");
  });

  test("the CPU time of other processes is unknown in its cell, and known beside native, which has no daemon", () => {
    const known = Object.keys(entryOf(unknownDaemon(measured()), new Date(0)).conditions.otherCpuSeconds);
    expect(known.some((cell) => cell.startsWith("mine "))).toBe(false);
    expect(known.some((cell) => cell.startsWith("native "))).toBe(true);
  });
});

test("where no cell tells the CPU time of other processes, times can't be told, and counts can", () => {
  const run = withFigures(measured(), () => ({ systemCpuSeconds: null }));
  const decision = decide(comparedWithBaseline(run, entry, "counts and times", null), rules);
  expect(decision.notes.join()).toContain("the CPU time that other processes used is not known");
  expect(decision.rows.filter(({ metric }) => metric.kind === "time").map(({ verdict }) => verdict)).toEqual([
    "unknown",
    "unknown",
  ]);
  expect(decision.rows.filter(({ metric }) => metric.kind === "count").every(({ verdict }) => verdict === "same")).toBe(true);
});
