import { describe, expect, test } from "vitest";
import { decide } from "../../../reports/gate/decision.js";
import { entryOf } from "../../../reports/gate/entry.js";
import { comparedWithBaseline } from "../../../reports/gate/with-baseline.js";
import type { Run, TimedFigures } from "../../../results/index.js";
import { figuresOf } from "../run-of.js";
import { entry, measured, rules } from "./measured.js";

/** The run with some CPU seconds of its timed samples not known, in the cells of one backend or of all. */
function without(run: Run, party: "daemon" | "system", backend?: string): Run {
  const unknown = ({ cpuSeconds }: TimedFigures) =>
    party === "system" ? { systemCpuSeconds: null } : { cpuSeconds: { ...cpuSeconds, daemon: null } };
  const cells = run.cells.map((cell) => ({
    ...cell,
    samples: cell.samples.map((sample) =>
      backend !== undefined && cell.backend !== backend
        ? sample
        : { ...sample, ok: true as const, figures: { ...figuresOf(sample), ...unknown(figuresOf(sample)) } },
    ),
  }));
  return { ...run, cells };
}

const unknownDaemon = (run: Run) => without(run, "daemon", "mine");

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
  const run = without(measured(), "system");
  const decision = decide(comparedWithBaseline(run, entry, "counts and times", null), rules);
  expect(decision.notes.join()).toContain("the CPU time that other processes used is not known");
  expect(decision.rows.filter(({ metric }) => metric.kind === "time").map(({ verdict }) => verdict)).toEqual([
    "unknown",
    "unknown",
  ]);
  expect(decision.rows.filter(({ metric }) => metric.kind === "count").every(({ verdict }) => verdict === "same")).toBe(true);
});
