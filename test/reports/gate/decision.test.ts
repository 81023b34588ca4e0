import { describe, expect, test } from "vitest";
import { baselineSides } from "../../../reports/gate/baseline-sides.js";
import { chooseEntry } from "../../../reports/gate/choose-entry.js";
import { type Decision, decide } from "../../../reports/gate/decision.js";
import { entryOf } from "../../../reports/gate/entry.js";
import { headSides } from "../../../reports/gate/head-sides.js";
import { nextRound } from "../../../reports/gate/next-round.js";
import type { Run } from "../../../results/schema.js";
import { cellOf, counted, failed, runOf, timed } from "../run-of.js";

interface Changes {
  readonly calls?: number;
  readonly reads?: number;
  readonly latencyFactor?: number;
  readonly nativeFactor?: number;
  readonly left?: number;
  readonly blocks?: number;
  readonly counts?: number;
}

const noise = (block: number, cell: number) => 1 + 0.01 * Math.sin(block * 2.4 + cell);

/** A run of native, native-again and a daemon named `mine`. */
function measured({
  calls = 3,
  reads = 1,
  latencyFactor = 1,
  nativeFactor = 1,
  left = 0,
  blocks = 20,
  counts = 2,
}: Changes = {}): Run {
  const series = (meanUs: number, cell: number) =>
    Array.from({ length: blocks }, (_, block) => {
      const sample = timed(block, meanUs * noise(block, cell));
      const daemon = cell === 2 ? 0.01 * latencyFactor * noise(block, 5) : null;
      return {
        ...sample,
        figures: { ...sample.figures!, cpuSeconds: { application: 0.002, daemon, system: 0.1 + (daemon ?? 0) } },
      };
    });
  const daemonCalls = { read: 1000 * calls };
  const run = runOf(
    [
      cellOf("native", { samples: series(nativeFactor, 0), counts: [counted(0, {})] }),
      cellOf("native-again", { samples: series(nativeFactor, 1), counts: [counted(0, {})] }),
      cellOf("mine", {
        samples: series(20 * latencyFactor, 2),
        counts: Array.from({ length: counts }, (_, block) =>
          counted(block, { daemonCalls, switches: [1000, 1000], reads: 1000 * reads }),
        ),
      }),
    ],
    {},
  );
  const tries = Array.from({ length: counts }, () => ({ opens: 200, left }));
  return {
    ...run,
    request: { ...run.request, blocks },
    backends: run.backends.map((record) => (record.name === "mine" ? { ...record, descriptorsLeft: tries } : record)),
  };
}

const rules = { measures: new Set(["counts", "times"] as const), leastRatio: 1.05 };
const entry = entryOf(measured(), new Date(0));

function against(run: Run, use: "counts and times" | "counts" = "counts and times"): Decision {
  return decide(baselineSides(run, entry, use, 10), rules);
}

const worse = ({ rows }: Decision) => rows.filter(({ verdict }) => verdict === "worse").map(({ measure }) => measure);

describe("against a baseline", () => {
  test.each([
    { what: "nothing changed", changes: {}, found: [], exitCode: 0 },
    { what: "a system call more", changes: { calls: 4 }, found: ["daemon system calls"], exitCode: 1 },
    { what: "READs that were none", changes: { reads: 2 }, found: ["READ requests"], exitCode: 1 },
    { what: "a descriptor left by each open", changes: { left: 200 }, found: ["descriptors left by an open"], exitCode: 1 },
    { what: "slower by 10 percent", changes: { latencyFactor: 1.1 }, found: ["mean latency", "CPU time"], exitCode: 1 },
    { what: "slower by 2 percent", changes: { latencyFactor: 1.02 }, found: [], exitCode: 0 },
  ])("$what: exit $exitCode", ({ changes, found, exitCode }) => {
    const decision = against(measured(changes));
    expect(worse(decision).toSorted()).toEqual([...found].toSorted());
    expect(decision.exitCode).toBe(exitCode);
  });

  test("what looks worse in the only counted run can't be told yet", () => {
    const decision = against(measured({ calls: 4, counts: 1 }));
    expect(decision).toMatchObject({ verdict: "can't tell", exitCode: 3 });
    expect(decision.rows[0]).toMatchObject({ measure: "daemon system calls", verdict: "suspect" });
  });

  test("what the blocks of the second look do not show is no regression", () => {
    const run = measured();
    const mine = run.cells.find(({ backend }) => backend === "mine")!;
    const disturbed = mine.samples.map((sample) =>
      sample.block < 15 ? timed(sample.block, 30 * noise(sample.block, 2)) : sample,
    );
    const decision = decide(
      baselineSides(
        { ...run, cells: run.cells.map((cell) => (cell === mine ? { ...cell, samples: disturbed } : cell)) },
        entry,
        "counts and times",
        15,
      ),
      rules,
    );
    expect(decision.rows.find(({ measure }) => measure === "mean latency")).toMatchObject({ verdict: "unknown" });
    expect(decision.exitCode).toBe(3);
  });

  test("times of another host are not compared, and that is said", () => {
    const decision = against(measured({ latencyFactor: 2 }), "counts");
    expect(decision.rows.some(({ kind }) => kind === "time")).toBe(false);
    expect(decision.exitCode).toBe(0);
    expect(decision.notes.join()).toContain("Counts alone");
  });

  test("where native itself is slower, times can't be told, and counts can", () => {
    const decision = against(measured({ nativeFactor: 1.4, latencyFactor: 2 }));
    expect(worse(decision)).toEqual([]);
    expect(decision).toMatchObject({ verdict: "can't tell", exitCode: 3 });
    expect(decision.notes.join()).toContain("native itself takes 1.40x");
  });

  test("a backend that always fails now is a regression; one that was not measured can't be told", () => {
    const run = measured();
    const cells = run.cells.map((cell) =>
      cell.backend === "mine"
        ? { ...cell, samples: cell.samples.map((sample) => failed(sample, "the daemon saw READs")), counts: [] }
        : cell,
    );
    expect(against({ ...run, cells }).rows[0]).toMatchObject({ measure: "samples that succeed", verdict: "worse" });
    const without = { ...run, cells: run.cells.filter(({ backend }) => backend !== "mine") };
    expect(against(without)).toMatchObject({ verdict: "can't tell", exitCode: 3 });
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
    const decision = decide(headSides(both(changes), pair, 10), rules);
    expect(worse(decision)).toEqual(expect.arrayContaining(found));
    expect(decision.exitCode).toBe(found.length === 0 ? 0 : 1);
  });
});

describe("which entry of a baseline is taken", () => {
  const at = (host: Partial<Run["host"]>) => ({ ...entry, host: { ...entry.host, ...host } });
  const here = entry.host;
  test("this host's own: counts and times", () => {
    const { use } = chooseEntry([at({ fingerprint: "other" }), at({})], here, "b.json");
    expect(use).toBe("counts and times");
  });
  test("another's of the same kernel minor version: counts", () => {
    expect(chooseEntry([at({ fingerprint: "other", kernel: "6.18.99-cloud" })], here, "b.json").use).toBe("counts");
  });
  test.each([
    { kernel: "6.17.1", fingerprint: "x" },
    { fuse: { abi: null, passthrough: false, ioUring: false }, fingerprint: "x" },
  ])("none for %j: exit 3 and how to add it", (host) => {
    expect(() => chooseEntry([at(host)], here, "b.json")).toThrow(
      expect.objectContaining({ exitCode: 3, message: expect.stringContaining("gate --save b.json") }),
    );
  });
});

describe("what is measured next", () => {
  const time = (spentSeconds: number) => ({ spentSeconds, secondsPerBlock: 10, budgetSeconds: 300 });
  const next = (decision: Decision, rest: Partial<Parameters<typeof nextRound>[0]> = {}) =>
    nextRound({ run: measured({ blocks: 5 }), decision, looks: 1, time: time(50), ...rest });
  const plain = against(measured());
  test("where a count looks worse: two runs more", () => {
    expect(next(against(measured({ calls: 4, counts: 1 })))).toMatchObject({ blocks: 2, countedBlocks: 2 });
  });
  test("where a leak looks like one: the opens again", () => {
    expect(next(against(measured({ left: 200, counts: 1 })))).toMatchObject({ opens: ["mine"] });
  });
  test("as many blocks as the noise asks for, within half of the budget", () => {
    expect(next({ ...plain, plannedBlocks: 9 })).toMatchObject({ blocks: 4 });
    expect(next({ ...plain, plannedBlocks: 900 })).toMatchObject({ blocks: 10 });
  });
  test("nothing where all is decided, at the fourth look, or beyond the budget", () => {
    expect(next({ ...plain, plannedBlocks: 5 })).toBeNull();
    const slow = against(measured({ latencyFactor: 1.1, blocks: 5 }));
    expect(next(slow, { looks: 2, run: measured({ blocks: 5 }) })).not.toBeNull();
    expect(next(slow, { looks: 4 })).toBeNull();
    expect(next(slow, { looks: 2, time: time(299) })).toBeNull();
  });
});
