import { describe, expect, test } from "vitest";
import { agree, agreements } from "../../../reports/figures/agreement.js";
import { compare } from "../../../reports/figures/comparison.js";
import { cellRows, placementsIn, rowsIn } from "../../../reports/figures/placed-rows.js";
import { shortfalls } from "../../../reports/figures/precision.js";
import { sharedPlacement } from "../../../reports/figures/shared-placement.js";
import { estimate } from "../../../reports/figures/statistics.js";
import { headline, verdicts } from "../../../reports/figures/verdict.js";
import { failures, warnings } from "../../../reports/tables/notes.js";
import type { Placement, Run } from "../../../results/index.js";
import { cellOf, counted, runOf, timed } from "../run-of.js";
import { failedRound, slicedRun, slicesOf, withSlices } from "../slices-of.js";

const times = { native: 1000, "native-again": 1000, fuse: 30_000, passthrough: 1100 };
const backends = Object.keys(times) as (keyof typeof times)[];
/** fio says otherwise than the slices. */
const byFio = { native: 1, "native-again": 1, fuse: 50, passthrough: 2 };
const cells = backends.map((backend) =>
  cellOf(backend, { samples: [0, 1, 2, 3, 4].map((block) => timed(block, byFio[backend])), counts: [counted(0, {})] }),
);
const run = slicedRun(runOf(cells), times);
const rowsOf = (backend: string, from: Run = run) => compare(from).rows.filter((row) => row.backend === backend);

describe("a cell with slices", () => {
  test("has a row in each placement, with ratios by slices", () => {
    expect(rowsOf("fuse").map(({ placement, relativeLatency }) => [placement, relativeLatency!.median])).toEqual([
      ["one-core", expect.closeTo(30, 1)],
      ["two-cores", expect.closeTo(48, 1)],
      ["scheduler", expect.closeTo(39, 1)],
    ]);
    const [oneCore] = rowsOf("passthrough");
    expect(oneCore).toMatchObject({ rounds: 5, failedRounds: 0, slices: 15, isUndecided: false, paperClass: "Yellow" });
    expect(oneCore!.relativeThroughput!.median * oneCore!.relativeLatency!.median).toBeCloseTo(1, 12);
    expect(oneCore!.relativeThroughput!.interval.low * oneCore!.relativeLatency!.interval.high).toBeCloseTo(1, 12);
    expect(oneCore!.relativeCpu!.median).toBeCloseTo(1.1, 2);
    expect(oneCore!.sliceNs).toBeCloseTo(1100, -1);
  });

  test("has fio's figures in the row of the scheduler, and nowhere else", () => {
    expect(rowsOf("fuse").map(({ hasSamples, meanLatencyUs }) => [hasSamples, meanLatencyUs?.median])).toEqual([
      [false, undefined],
      [false, undefined],
      [true, 50],
    ]);
    expect(cellRows(compare(run).rows).map(({ backend, placement }) => [backend, placement])).toEqual(
      backends.map((backend) => [backend, "scheduler"]),
    );
  });

  test("has them in its first row where the scheduler's placement was not taken", () => {
    const without = run.cells.map((cell) => ({
      ...cell,
      slices: cell.slices.filter(({ placement }) => placement !== "scheduler"),
    }));
    expect(rowsOf("fuse", { ...run, cells: without }).map(({ placement, hasSamples }) => [placement, hasSamples])).toEqual([
      ["one-core", true],
      ["two-cores", false],
    ]);
  });

  test("is told from native by the noise floor of its own placement", () => {
    const noisy = withSlices(cellOf("native-again", {}), 1000, 1);
    const wide = slicesOf("two-cores", [1000, 1400, 800, 1300, 900]);
    const slices = noisy.slices.map((placed) => (placed.placement === "two-cores" ? wide : placed));
    const changed = { ...run, cells: run.cells.map((cell) => (cell.backend === "native-again" ? { ...cell, slices } : cell)) };
    const rows = rowsOf("passthrough", changed);
    expect(rows.map(({ isUndecided }) => isUndecided)).toEqual([false, true, false]);
    expect(rows[1]!.noiseFloor).toBeGreaterThan(1.3);
    expect(rows[0]!.noiseFloor).toBeLessThan(1.02);
  });
});

test("a cell whose rounds failed keeps its rows beside the others', and its failures are told", () => {
  const gone = {
    ...cellOf("fuse", {}),
    slices: [{ placement: "one-core" as const, rounds: [0, 1].map((round) => failedRound(round, "the daemon died")) }],
  };
  const some = { ...run, cells: run.cells.map((cell) => (cell.backend === "fuse" ? gone : cell)) };
  expect(
    rowsOf("fuse", some).map(({ placement, relativeThroughput, failedRounds }) => [placement, relativeThroughput, failedRounds]),
  ).toEqual([
    ["one-core", null, 2],
    ["two-cores", null, 0],
    ["scheduler", null, 0],
  ]);
  expect(failures(compare(some))).toEqual([
    "the daemon died (fuse rnd-rd-1th-1f 4 KiB warm, one-core, round 1, fuse rnd-rd-1th-1f 4 KiB warm, one-core, round 2)",
  ]);
});

test("cells without slices keep fio's ratios beside cells that have them", () => {
  const mixed = { ...run, cells: [...run.cells, ...cells.map((cell) => ({ ...cell, ioSizeBytes: 8192 }))] };
  const rows = rowsOf("fuse", mixed);
  expect(rows.map(({ placement, ioSizeBytes }) => [placement, ioSizeBytes])).toEqual([
    ["one-core", 4096],
    ["two-cores", 4096],
    ["scheduler", 4096],
    [null, 8192],
  ]);
  expect(rows[3]!.relativeLatency!.median).toBeCloseTo(50);
  expect(rows[3]).toMatchObject({ hasSamples: true, relativeCpu: null, sliceNs: null, rounds: 0 });
});

test("an interval allows for looks, unless the rounds were fixed", () => {
  const fixed = { ...run, request: { ...run.request, slices: { ...run.request.slices!, rounds: 5 } } };
  const width = (from: Run) => {
    const { interval } = rowsOf("passthrough", from)[0]!.relativeLatency!;
    return Math.log(interval.high / interval.low);
  };
  expect(width(run) / width(fixed)).toBeCloseTo(1.259, 3);
});

describe("one row a cell", () => {
  const { rows } = compare(run);

  test.each([
    { order: "steady", without: [], placement: "one-core" },
    { order: "steady", without: ["one-core"], placement: "two-cores" },
    { order: "users", without: [], placement: "scheduler" },
    { order: "users", without: ["scheduler"], placement: "one-core" },
  ] as const)("is of $placement for $order without $without", ({ order, without, placement }) => {
    const left = rows.filter((row) => !(without as readonly (Placement | null)[]).includes(row.placement));
    expect(rowsIn(left, order).map((row) => row.placement)).toEqual(backends.map(() => placement));
  });

  test("placements are listed in one order", () => {
    expect(placementsIn(rows.toReversed())).toEqual(["one-core", "two-cores", "scheduler"]);
    expect(placementsIn(compare(runOf(cells)).rows)).toEqual([]);
  });

  test("times are compared in a placement that all cells have", () => {
    const [native, , fuse] = run.cells;
    const only = { ...fuse!, slices: fuse!.slices.filter(({ placement }) => placement === "two-cores") };
    expect(sharedPlacement([native!, fuse!], "users", "wall")).toBe("scheduler");
    expect(sharedPlacement([native!, only], "users", "wall")).toBe("two-cores");
    expect(sharedPlacement([native!, cells[2]!], "users", "wall")).toBeNull();
  });
});

test("sentences name the placement of their ratios", () => {
  const comparison = compare(run);
  expect(headline(comparison)[0]).toBe(
    "Warm 4 KiB random reads, reader and daemon on one core, time of one: native 1.00 us, fuse 30.0 us (30.0x), passthrough 1.10 us (1.10x).",
  );
  expect(verdicts(comparison)).toEqual([
    expect.stringMatching(/^Warm 4 KiB random reads, reader and daemon on one core, latency by native's: fuse 30\.0x \(/),
  ]);
});

describe("agreement with fio", () => {
  const ratio = (values: readonly number[]) => estimate(values)!;

  test("is an overlap of the intervals", () => {
    expect(agree(ratio([0.9, 1, 1.1]), ratio([1.05, 1.2, 1.4]))).toBe(true);
    expect(agree(ratio([0.9, 1, 1.1]), ratio([1.15, 1.2, 1.4]))).toBe(false);
    expect(agree(ratio([1.15, 1.2, 1.4]), ratio([0.9, 1, 1.1]))).toBe(false);
  });

  test("is told of cells with enough blocks, in the placement that fio runs in", () => {
    const found = agreements(compare(run));
    expect(found.map(({ row, agrees }) => [row.backend, row.placement, agrees])).toEqual([
      ["native-again", "scheduler", true],
      ["fuse", "scheduler", false],
      ["passthrough", "scheduler", false],
    ]);
    expect(found[1]!.byFio.median).toBeCloseTo(0.02);
    expect(found[1]!.bySlices.median).toBeCloseTo(1 / 39, 3);
    const four = run.cells.map((cell) => ({ ...cell, samples: cell.samples.slice(1) }));
    expect(agreements(compare({ ...run, cells: four }))).toEqual([]);
    expect(agreements(compare(runOf(cells)))).toEqual([]);
  });
});

test("ratios that are less precise than was asked for are warned of, where a precision was asked for", () => {
  const sharp = { ...run.request.slices!, precision: 0.001 };
  const asked = { ...run, request: { ...run.request, slices: sharp } };
  const lines = shortfalls(asked);
  expect(lines).toHaveLength(6);
  expect(lines[0]).toMatch(
    /^native-again rnd-rd-1th-1f 4 KiB warm, one-core: within 0\.\d\d % after 5 rounds, not within 0\.10 %; the run ended there; /,
  );
  expect(warnings(compare(asked))).toEqual(expect.arrayContaining(lines));
  expect(shortfalls(run)).toEqual([]);
  expect(shortfalls({ ...asked, request: { ...asked.request, slices: { ...sharp, rounds: 5 } } })).toEqual([]);
  expect(shortfalls(runOf(cells))).toEqual([]);
});
