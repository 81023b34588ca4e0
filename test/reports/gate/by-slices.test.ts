import { describe, expect, test } from "vitest";
import { entryOf } from "../../../reports/gate/entry.js";
import { judge, judgeNothing } from "../../../reports/gate/reference.js";
import { comparedWithBase } from "../../../reports/gate/with-base.js";
import { comparedWithBaseline } from "../../../reports/gate/with-baseline.js";
import type { Run } from "../../../results/index.js";
import { entry as entryOfBlocks, measured, worse } from "./measured.js";
import { type SlicedChanges, sliced, slicedPair, sliceRules } from "./sliced.js";

const withBase = (changes: SlicedChanges = {}, pair: typeof slicedPair | Omit<typeof slicedPair, "again"> = slicedPair) =>
  judge(sliced(changes), { kind: "head", pairs: [pair] }, sliceRules);

describe("head against base by slices", () => {
  test.each([
    { what: "nothing changed", changes: {}, found: [], verdict: "none slower" },
    { what: "3 percent slower", changes: { headFactor: 1.03 }, found: ["mean latency", "CPU time"], verdict: "regression" },
    { what: "1 percent slower", changes: { headFactor: 1.01 }, found: [], verdict: "none slower" },
    { what: "too few rounds", changes: { headFactor: 1.2, rounds: 3 }, found: [], verdict: "can't tell" },
    { what: "no round", changes: { rounds: 0 }, found: [], verdict: "can't tell" },
    { what: "noise of 10 percent", changes: { headFactor: 1.03, spread: 0.1 }, found: [], verdict: "can't tell" },
    { what: "a base as far from itself", changes: { headFactor: 1.03, againFactor: 1.04 }, found: [], verdict: "can't tell" },
  ])("$what: $verdict", ({ changes, found, verdict }) => {
    const decision = withBase(changes);
    expect(worse(decision)).toEqual(found);
    expect(decision.verdict).toBe(verdict);
  });

  test("a row has the medians, the ratio's interval, and the rounds behind it", () => {
    const [row] = withBase({ headFactor: 1.03 }).rows;
    expect(row).toMatchObject({ backend: "daemon", place: "rnd-rd-1th-1f 4 KiB warm, one-core", unit: "us", n: "12" });
    expect(row!.before).toBeCloseTo(20, 0);
    expect(row!.now).toBeCloseTo(20.6, 0);
    expect(row!.interval!.low).toBeGreaterThan(1.02);
    expect(row!.interval!.high).toBeLessThan(1.04);
    expect(row!.time!.ratios).toHaveLength(12);
    expect(row!.time).toMatchObject({ freshRatio: null, obstacle: null });
    expect(row!.time!.knownDifference).toBeGreaterThan(1);
    expect(row!.p).toBeLessThan(1e-4);
  });

  test("a time that was not measured has no values, and says so", () => {
    const rows = withBase({ rounds: 0 }).rows.filter(({ metric }) => metric.kind === "time");
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toMatchObject({ verdict: "unknown", reason: "not measured", before: null, now: null, interval: null, p: null });
    }
  });

  test("too much noise for the rounds that there are is said, with the rounds that it takes", () => {
    const { notes, plannedRounds } = withBase({ spread: 0.1 });
    expect(plannedRounds).toBeGreaterThan(12);
    expect(notes.at(-1)).toBe(`By the noise of this run it takes about ${plannedRounds} rounds to tell 2 percent; there are 12.`);
    expect(withBase().notes).toHaveLength(1);
  });

  test("each placement has rows of its own, which share the error", () => {
    const decision = withBase({ headFactor: 1.03, placements: ["one-core", "two-cores"] });
    const times = decision.rows.filter(({ metric }) => metric.kind === "time");
    expect(times.map(({ place }) => place.split(", ")[1])).toEqual(["one-core", "one-core", "two-cores", "two-cores"]);
    const [alone] = withBase({ headFactor: 1.03 }).rows;
    expect(times[0]!.p! / alone!.p!).toBeCloseTo(2, 10);
  });

  test("without base under another name the floor is not known, and counts as none", () => {
    const { again: _, ...pair } = slicedPair;
    const decision = withBase({ headFactor: 1.03, againFactor: 1.04 }, pair);
    expect(decision.verdict).toBe("regression");
    expect(decision.rows[0]!.time!.knownDifference).toBe(1);
  });

  test("a head that failed in some rounds is judged by the others, and does not pass", () => {
    const decision = withBase({ failedRounds: 2 });
    expect(decision.verdict).toBe("can't tell");
    expect(decision.rows[0]).toMatchObject({
      metric: { id: "samples that succeed" },
      verdict: "unknown",
      reason: "2 rounds of slices failed: the daemon ended between slices",
      canBeRepeated: false,
      now: 12,
    });
    const times = decision.rows.filter(({ metric }) => metric.kind === "time");
    expect(times.map(({ n, verdict }) => [n, verdict])).toEqual([
      ["10", "same"],
      ["10", "same"],
    ]);
    expect(withBase({ failedRounds: 2, headFactor: 1.03 }).verdict).toBe("regression");
  });

  test("a head that failed in every round, and was never counted, is broken", () => {
    const run = sliced({ failedRounds: 12 });
    const cells = run.cells.map((cell) => (cell.backend === "head" ? { ...cell, counts: [] } : cell));
    const decision = judge({ ...run, cells }, { kind: "head", pairs: [slicedPair] }, sliceRules);
    expect(worse(decision)).toEqual(["samples that succeed"]);
    expect(decision.rows.filter(({ metric }) => metric.kind === "time")).toEqual([]);
  });

  test("says that the two took turns", () => {
    expect(comparedWithBase(sliced(), [slicedPair], null).notes).toEqual([
      "Base and head took turns in this run: counts are compared as they are, times within each round.",
    ]);
  });
});

/** The sliced run as a baseline keeps it. */
const entry = entryOf(sliced(), new Date(0));
const against = (run: Run, before = entry) =>
  judge(run, { kind: "baseline", entry: before, use: "counts and times" }, sliceRules);

describe("a baseline by slices", () => {
  test("keeps the ratios to native of each round by placement, and native's own time", () => {
    const { cells, conditions } = entry;
    expect(cells.map(({ backend }) => backend)).toEqual(["native", "base", "base-again", "head"]);
    const head = cells.find(({ backend }) => backend === "head")!;
    expect(head.timesToNative).toEqual({});
    expect(Object.keys(head.slicesToNative!)).toEqual(["one-core"]);
    expect(Object.keys(head.slicesToNative!["one-core"]!)).toEqual(["mean latency", "CPU time"]);
    for (const ratio of head.slicesToNative!["one-core"]!["mean latency"]!) expect(ratio).toBeCloseTo(20, 0);
    expect(cells[0]!.slicesToNative).toEqual({ "one-core": {} });
    expect(conditions.nativeSliceNs!["one-core rnd-rd-1th-1f 4096 warm"]).toBeCloseTo(1000, -2);
  });

  test.each([
    { what: "nothing changed", changes: {}, verdict: "none slower" },
    { what: "4 percent slower", changes: { headFactor: 1.04 }, verdict: "regression" },
    { what: "native as far from itself", changes: { headFactor: 1.04, nativeAgainFactor: 1.05 }, verdict: "can't tell" },
    { what: "native itself farther from then", changes: { headFactor: 1.04, nativeFactor: 1.06 }, verdict: "can't tell" },
    { what: "native slower than then", changes: { nativeFactor: 1.3 }, verdict: "can't tell" },
    { what: "too few rounds now", changes: { rounds: 3 }, verdict: "can't tell" },
  ])("$what: $verdict", ({ changes, verdict }) => expect(against(sliced(changes)).verdict).toBe(verdict));

  test("gives ratios to native, of as many rounds as both sittings had", () => {
    const row = against(sliced({ rounds: 9, headFactor: 1.04 })).rows[0]!;
    expect(row).toMatchObject({ backend: "head", unit: "x native", n: "12+9" });
    expect(row.now! / row.before!).toBeCloseTo(1.04, 2);
  });

  test("where native was slower then, the reason is said once", () => {
    const { notes } = comparedWithBaseline(sliced({ nativeFactor: 1.3 }), entry, "counts and times", null);
    expect(notes[1]).toBe("Times can't be told: native itself takes 1.30x of the time that it took then.");
  });

  test.each([
    {
      what: "of blocks can't judge the times of slices",
      run: sliced(),
      before: entryOfBlocks,
      why: "the baseline holds no slices",
    },
    { what: "of slices can't judge the times of blocks", run: measured(), before: entry, why: "this result holds no slices" },
  ])("$what", ({ run, before, why }) => {
    const decision = against(run, before);
    expect(decision.notes.join()).toContain(why);
    expect(worse(decision).filter((id) => id === "mean latency" || id === "CPU time")).toEqual([]);
  });

  test("that lacks a placement can't judge its times", () => {
    const decision = against(sliced({ placements: ["two-cores"] }));
    const times = decision.rows.filter(({ metric }) => metric.kind === "time");
    expect(times.length).toBeGreaterThan(0);
    for (const row of times) {
      expect(row).toMatchObject({ verdict: "unknown", reason: "the baseline does not hold it", canBeRepeated: false });
    }
  });

  test("of files of another size can't judge times", () => {
    const decision = against(sliced(), { ...entry, fileSizeBytes: 5 });
    expect(decision.notes.join()).toContain("its files had another size");
    expect(decision.verdict).toBe("can't tell");
  });

  test("takes the rounds that its noise asks for", () => {
    const planned = (spread: number) => judgeNothing(sliced({ spread }), sliceRules).plannedRounds!;
    expect(planned(0.0001)).toBe(4);
    expect(planned(0.02)).toBeGreaterThan(planned(0.01));
    expect(judgeNothing(measured(), sliceRules).plannedRounds).toBeNull();
  });
});
