import { describe, expect, test } from "vitest";
import { seriesOf } from "../../../reports/gate/series.js";
import { stepsOf } from "../../../reports/gate/steps.js";
import { trendTable } from "../../../reports/gate/trend-table.js";
import type { HistoryLine } from "../../../results/index.js";

/** A line of a history with one count and one time. */
function line(index: number, value: number, change: Partial<HistoryLine> = {}): HistoryLine {
  return {
    schema: "fusemeter.history/1",
    at: `2026-01-${String(index + 1).padStart(2, "0")}T10:20:30Z`,
    runId: String(index),
    commit: `0123456789abcdef${index}`,
    fingerprint: "here",
    kernel: "6.18.0",
    verdict: "none slower",
    figures: [
      { name: "calls", kind: "count", unit: "per I/O", value },
      { name: "latency", kind: "time", unit: "us", value: 20 },
    ],
    ...change,
  };
}

describe("the series of a history", () => {
  test("of a count are one over all hosts, those of a time one a host", () => {
    const found = seriesOf([line(0, 3), line(1, 3, { fingerprint: "there" }), line(2, 3)]);
    expect(found.map(({ name, fingerprint, points }) => [name, fingerprint, points.length])).toEqual([
      ["calls", null, 3],
      ["latency", "here", 2],
      ["latency", "there", 1],
    ]);
    expect(found[0]!.points[1]).toEqual({ at: "2026-01-02T10:20:30Z", commit: "0123456789abcdef1", value: 3 });
  });

  test("of another unit are other series", () => {
    const other = line(1, 3, { figures: [{ name: "calls", kind: "count", unit: "", value: 3 }] });
    expect(seriesOf([line(0, 3), other]).map(({ unit }) => unit)).toEqual(["per I/O", "us", ""]);
  });
});

describe("the table of a history", () => {
  const history = Array.from({ length: 16 }, (_, index) => line(index, (index < 8 ? 3 : 4) + index / 1000));
  const rows = (lines: readonly HistoryLine[]) =>
    trendTable(seriesOf(lines))
      .split("\n")
      .slice(2)
      .map((row) => row.split("|").map((cell) => cell.trim()));

  test("has a line a figure, those with steps first, with the commit of each step", () => {
    const late = history.map((one) => ({ ...one, figures: one.figures.toReversed() }));
    expect(rows(late)).toEqual([
      ["calls", "per I/O", "16", "3.00", "4.02", "3.00 -> 4.01 at 0123456789"],
      ["latency (here)", "us", "16", "20.0", "20.0", "none"],
    ]);
  });

  test("says when, where no commit is known, and 1 where there is no unit", () => {
    const bare = history.map((one) => ({ ...one, commit: null, figures: [{ ...one.figures[0]!, unit: "" }] }));
    expect(rows(bare)).toEqual([["calls", "1", "16", "3.00", "4.02", "3.00 -> 4.01 at 2026-01-09T10:20"]]);
  });
});

describe("a step", () => {
  const level = (value: number, n: number, spread = 0.001) =>
    Array.from({ length: n }, (_, index) => value * (1 + spread * Math.sin(index * 2.4)));

  test("tells its levels", () => {
    const [step] = stepsOf([...level(1, 10), ...level(1.3, 10)]);
    expect(step).toMatchObject({ at: 10 });
    expect(step!.before).toBeCloseTo(1, 2);
    expect(step!.after).toBeCloseTo(1.3, 2);
  });

  test("down is one too, and its place is told from the start of the series", () => {
    expect(stepsOf([...level(2, 12), ...level(1, 12), ...level(0.5, 12)]).map(({ at }) => at)).toEqual([12, 24]);
  });

  test("of exactly the least change counts, one below it does not", () => {
    const at = (ratio: number) => stepsOf([...new Array<number>(10).fill(1), ...new Array<number>(10).fill(ratio)], 1.5).length;
    expect(at(1.7)).toBe(1);
    expect(at(1.6)).toBe(0);
  });

  test("needs five values on each side: fewer may lie apart by chance", () => {
    const around = (left: number, right: number) => stepsOf([...level(1, left), ...level(2, right)]).map(({ at }) => at);
    expect(around(10, 5)).toEqual([10]);
    expect(around(10, 4)).toEqual([]);
    expect(around(5, 10)).toEqual([5]);
    expect(around(4, 10)).toEqual([]);
  });

  test("is placed where it leaves the least spread, when all places around it divide the ranks as well", () => {
    // A slow rise with a jump: every place of it has only lower values on its left and only higher ones on its right.
    const values = Array.from({ length: 30 }, (_, index) => 1000 + index / 10 + (index < 15 ? 0 : 100));
    expect(stepsOf(values).map(({ at }) => at)).toEqual([15]);
    expect(stepsOf(values.map((value) => -value)).map(({ at }) => at)).toEqual([15]);
  });

  test("of a series of zeros is none", () => expect(stepsOf(new Array<number>(20).fill(0))).toEqual([]));
});
