import { describe, expect, test } from "vitest";
import { decide } from "../../../reports/gate/decision.js";
import { comparedWithBase } from "../../../reports/gate/with-base.js";
import { comparedWithBaseline } from "../../../reports/gate/with-baseline.js";
import type { Run } from "../../../results/index.js";
import { failed, timed } from "../run-of.js";
import { against, type Changes, entry, measured, noise, rules, worse } from "./measured.js";

describe("against a baseline", () => {
  test.each([
    { what: "nothing changed", changes: {}, found: [], verdict: "none slower" },
    { what: "a system call more", changes: { calls: 4 }, found: ["daemon system calls"], verdict: "regression" },
    { what: "a page fault more", changes: { faults: 1.01 }, found: ["daemon user page faults"], verdict: "regression" },
    { what: "a heap that grew", changes: { faults: 0.09 }, found: [], verdict: "none slower" },
    { what: "READs that were none", changes: { reads: 2 }, found: ["READ requests"], verdict: "regression" },
    {
      what: "a descriptor left by each open",
      changes: { left: 200 },
      found: ["descriptors left by an open"],
      verdict: "regression",
    },
    { what: "slower by 10 percent", changes: { latencyFactor: 1.1 }, found: ["mean latency", "CPU time"], verdict: "regression" },
    { what: "slower by 2 percent", changes: { latencyFactor: 1.02 }, found: [], verdict: "none slower" },
  ])("$what: $verdict", ({ changes, found, verdict }) => {
    const decision = against(measured(changes));
    expect(worse(decision).toSorted()).toEqual([...found].toSorted());
    expect(decision.verdict).toBe(verdict);
  });

  test("a baseline that was saved before a metric was added is judged without it", () => {
    const cells = entry.cells.map((cell) => {
      const { "daemon user page faults": _, ...counts } = cell.counts;
      return { ...cell, counts };
    });
    const decision = decide(comparedWithBaseline(measured({ faults: 5 }), { ...entry, cells }, "counts and times", 10), rules);
    expect(decision.verdict).toBe("none slower");
    expect(decision.rows.map(({ metric }) => metric.id)).not.toContain("daemon user page faults");
    expect(decision.rows.map(({ metric }) => metric.id)).toContain("daemon system calls");
  });

  test("what looks worse in the only counted run can't be told yet", () => {
    const decision = against(measured({ calls: 4, counts: 1 }));
    expect(decision).toMatchObject({ verdict: "can't tell" });
    expect(decision.rows[0]).toMatchObject({ metric: { id: "daemon system calls" }, verdict: "suspect" });
  });

  test("what the blocks of the second look do not show is no regression", () => {
    const run = measured();
    const mine = run.cells.find(({ backend }) => backend === "mine")!;
    const disturbed = mine.samples.map((sample) =>
      sample.block < 15 ? timed(sample.block, 30 * noise(sample.block, 2)) : sample,
    );
    const decision = decide(
      comparedWithBaseline(
        { ...run, cells: run.cells.map((cell) => (cell === mine ? { ...cell, samples: disturbed } : cell)) },
        entry,
        "counts and times",
        15,
      ),
      rules,
    );
    expect(decision.rows.find(({ metric }) => metric.id === "mean latency")).toMatchObject({ verdict: "unknown" });
    expect(decision.verdict).toBe("can't tell");
  });

  test("times of another host are not compared, and that is said", () => {
    const decision = against(measured({ latencyFactor: 2 }), "counts");
    expect(decision.rows.some(({ metric }) => metric.kind === "time")).toBe(false);
    expect(decision.verdict).toBe("none slower");
    expect(decision.notes.join()).toContain("Counts alone");
  });

  test("where native itself is slower, times can't be told, and counts can", () => {
    const decision = against(measured({ nativeFactor: 1.4, latencyFactor: 2 }));
    expect(worse(decision)).toEqual([]);
    expect(decision).toMatchObject({ verdict: "can't tell" });
    expect(decision.notes.join()).toContain("native itself takes 1.40x");
  });

  test("a backend that always fails now is a regression; one that was not measured can't be told", () => {
    const run = measured();
    const cells = run.cells.map((cell) =>
      cell.backend === "mine"
        ? { ...cell, samples: cell.samples.map((sample) => failed(sample, "the daemon saw READs")), counts: [] }
        : cell,
    );
    expect(against({ ...run, cells }).rows[0]).toMatchObject({ metric: { id: "samples that succeed" }, verdict: "worse" });
    const without = { ...run, cells: run.cells.filter(({ backend }) => backend !== "mine") };
    expect(against(without)).toMatchObject({ verdict: "can't tell" });
  });
});

describe("head against base, in one run", () => {
  const pair = [{ name: "daemon", base: "base", head: "mine" }];
  const both = (changes: Changes): Run => {
    const [before, now] = [measured(), measured(changes)];
    const rename = <T extends { backend?: string; name?: string }>(thing: T, name: string): T =>
      "backend" in thing ? { ...thing, backend: name } : { ...thing, name };
    return {
      ...now,
      cells: [...now.cells, ...before.cells.filter(({ backend }) => backend === "mine").map((cell) => rename(cell, "base"))],
      backends: [
        ...now.backends,
        ...before.backends.filter(({ name }) => name === "mine").map((record) => rename(record, "base")),
      ],
    };
  };
  test.each([
    { what: "nothing changed", changes: {}, found: [] },
    { what: "a system call more", changes: { calls: 4 }, found: ["daemon system calls"] },
    { what: "slower by 10 percent", changes: { latencyFactor: 1.1 }, found: ["mean latency"] },
    { what: "a leak", changes: { left: 200 }, found: ["descriptors left by an open"] },
  ])("$what", ({ changes, found }) => {
    const decision = decide(comparedWithBase(both(changes), pair, 10), rules);
    expect(worse(decision)).toEqual(expect.arrayContaining(found));
    expect(decision.verdict).toBe(found.length === 0 ? "none slower" : "regression");
  });
});
