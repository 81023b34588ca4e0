import { describe, expect, test } from "vitest";
import { type PrecisionRequest, roundsToCome } from "../../../reports/figures/precision.js";
import { estimateOfRounds } from "../../../reports/figures/round-estimate.js";
import { type WatchedRatio, watchedRatios } from "../../../reports/figures/watched-ratios.js";
import { AS_FOUND, type CacheState, type Placement } from "../../../results/index.js";
import { seededRandom } from "../../../workloads/index.js";
import { cellOf, runOf } from "../run-of.js";
import { failedRound, slicesOf, takenRound } from "../slices-of.js";

const request: PrecisionRequest = { rounds: null, precision: 0.02, budgetSeconds: null };

interface Watched {
  readonly placement?: Placement;
  readonly cache?: CacheState;
  readonly failed?: number;
}

function watched(ratios: readonly number[], { placement = "one-core", cache = "warm", failed = 0 }: Watched = {}): WatchedRatio {
  const cell = cellOf("fuse", { cache });
  const failure = failed === 0 ? null : "the daemon died";
  return { name: `fuse ${cache}, ${placement}`, cell, placement, isAlone: false, ratios, tried: ratios.length + failed, failure };
}

/** Ratios about 1.5 that are off by the given part, in turn to either side. */
const spread = (n: number, part: number) => Array.from({ length: n }, (_, index) => 1.5 * (1 + (index % 2 === 0 ? part : -part)));

test("rounds are taken up to the next look, until each interval is narrow enough", () => {
  expect(roundsToCome([watched([])], request, 0)).toEqual({ rounds: 5, open: [expect.anything()], widest: null, unreached: [] });
  expect(roundsToCome([watched(spread(3, 0.001))], request, 9).rounds).toBe(2);
  expect(roundsToCome([watched(spread(5, 0.02))], request, 9).rounds).toBe(2);
  expect(roundsToCome([watched(spread(7, 0.02))], request, 9).rounds).toBe(3);
  const done = roundsToCome([watched(spread(5, 0.001))], request, 9);
  expect(done).toMatchObject({ rounds: null, open: [], unreached: [] });
  expect(done.widest!.halfWidth).toBeCloseTo(0.00171, 5);
});

test("only the cells that are not known need more, and the widest is told", () => {
  const wide = { ...watched(spread(5, 0.03)), name: "wide" };
  const wider = { ...watched(spread(5, 0.05)), name: "wider" };
  const step = roundsToCome([wide, watched(spread(5, 0.001)), wider], request, 9);
  expect(step.open.map(({ name }) => name)).toEqual(["wide", "wider"]);
  expect(step.widest).toEqual({ name: "wider", halfWidth: expect.closeTo(0.0895, 4) });
});

test("cold cells and the scheduler's placement are not waited for beside others", () => {
  const noisy = [watched(spread(5, 0.2), { cache: "cold" }), watched(spread(5, 0.2), { placement: "scheduler" })];
  expect(roundsToCome([...noisy, watched(spread(5, 0.001))], request, 9)).toMatchObject({ rounds: null, unreached: [] });
  expect(roundsToCome([noisy[1]!], request, 9).rounds).toBe(2);
  expect(roundsToCome([noisy[0]!], request, 9).rounds).toBe(2);
});

test("a fixed number of rounds is taken without a look", () => {
  const fixed = { ...request, rounds: 8 };
  expect(roundsToCome([watched([])], fixed, 0).rounds).toBe(8);
  expect(roundsToCome([watched(spread(5, 0.001))], fixed, 0).rounds).toBe(3);
  expect(roundsToCome([watched(spread(8, 0.001))], { ...fixed, budgetSeconds: 1 }, 99)).toMatchObject({
    rounds: null,
    unreached: [],
  });
  expect(roundsToCome([watched(spread(8, 0.1))], fixed, 0)).toMatchObject({ rounds: null, unreached: [] });
});

describe("the budget", () => {
  const limited = { ...request, budgetSeconds: 60 };

  test("allows a first round, which tells the time of the others", () => {
    expect(roundsToCome([watched([])], limited, 0).rounds).toBe(1);
    expect(roundsToCome([watched([1.5])], limited, 6).rounds).toBe(4);
    expect(roundsToCome([watched([1.5])], limited, 25).rounds).toBe(1);
  });

  test("ends the run, and each wide interval has its reason", () => {
    const step = roundsToCome([watched(spread(10, 0.03))], limited, 58);
    expect(step).toMatchObject({ rounds: null, open: [{ name: "fuse warm, one-core" }] });
    expect(step.unreached).toEqual([
      expect.stringMatching(
        /^fuse warm, one-core: within 3\.\d\d % after 10 rounds, not within 2.00 %; the budget of 60 s is spent; its spread needs about 3\d rounds$/,
      ),
    ]);
    expect(roundsToCome([watched([1.5])], limited, 60).unreached).toEqual([
      "fuse warm, one-core: one round gives no interval; the budget of 60 s is spent",
    ]);
    expect(roundsToCome([watched([1.5, 1.5])], limited, 59).unreached).toEqual([
      "fuse warm, one-core: within 0.00 % after 2 rounds, fewer than the 5 that are judged; the budget of 60 s is spent",
    ]);
  });

  test("that has no end still ends", () => {
    expect(roundsToCome([watched(spread(160, 0.5))], request, 999).unreached).toEqual([
      expect.stringContaining("a run takes 160 rounds at the most"),
    ]);
  });
});

test("a ratio that no round gives is not waited for; one that some rounds give is", () => {
  const none = watched([], { failed: 5 });
  expect(roundsToCome([none, watched(spread(5, 0.001))], request, 9)).toMatchObject({
    rounds: null,
    unreached: ["fuse warm, one-core: no round gave a ratio: the daemon died"],
  });
  expect(roundsToCome([none, watched(spread(5, 0.05))], request, 9)).toMatchObject({
    rounds: 2,
    open: [{ ratios: { length: 5 } }],
  });
  expect(roundsToCome([{ ...watched([]), failure: null }, watched(spread(5, 0.001))], request, 9).unreached).toEqual([
    "fuse warm, one-core: no round gave a ratio: none was taken",
  ]);
  expect(roundsToCome([watched(spread(3, 0.05), { failed: 2 })], { ...request, budgetSeconds: 1 }, 9).unreached[0]).toMatch(
    /; 2 of 5 rounds failed \(the daemon died\)$/,
  );
});

test("ratios to native are watched for each cell and placement that took part", () => {
  const rounds = (ns: number) => [slicesOf("one-core", [ns, ns]), slicesOf("scheduler", [ns])];
  const { cells } = runOf([
    cellOf("native", { slices: rounds(100) }),
    cellOf("native-again", { slices: rounds(101), deviceReadaheadKiB: null }),
    cellOf("fuse", { slices: [{ placement: "one-core", rounds: [takenRound(0, [200, 220, 180]), failedRound(1, "gone")] }] }),
    cellOf("fuse", { ioSizeBytes: 8192, slices: rounds(300) }),
  ]);
  expect(
    watchedRatios({ cells }, ["one-core", "scheduler"]).map(({ name, ratios, tried, failure }) => ({
      name,
      ratios,
      tried,
      failure,
    })),
  ).toEqual([
    { name: "native-again rnd-rd-1th-1f 4 KiB warm, one-core", ratios: [1.01, 1.01], tried: 2, failure: null },
    { name: "native-again rnd-rd-1th-1f 4 KiB warm, scheduler", ratios: [1.01], tried: 1, failure: null },
    { name: "fuse rnd-rd-1th-1f 4 KiB warm, one-core", ratios: [2], tried: 2, failure: "gone" },
    { name: "fuse rnd-rd-1th-1f 4 KiB warm, scheduler", ratios: [], tried: 1, failure: null },
    { name: "fuse rnd-rd-1th-1f 8 KiB warm, one-core", ratios: [], tried: 2, failure: null },
    { name: "fuse rnd-rd-1th-1f 8 KiB warm, scheduler", ratios: [], tried: 1, failure: null },
  ]);
});

describe("a run without native", () => {
  const off = { ...AS_FOUND, mountKiB: 0 };
  const settings = [off, AS_FOUND].map((readahead, index) =>
    cellOf("fuse", { readahead, slices: [slicesOf("one-core", [100 * (2 - index), 100 * (2 - index)])] }),
  );

  test("watches the ratios to the cell with readahead as found", () => {
    const found = watchedRatios({ cells: settings }, ["one-core"]);
    expect(found.map(({ ratios, isAlone, tried }) => ({ ratios, isAlone, tried }))).toEqual([
      { ratios: [2, 2], isAlone: false, tried: 2 },
    ]);
  });

  test("ends also where a cell has no other to be compared with", () => {
    const alone = (rounds: number) =>
      watchedRatios({ cells: [cellOf("fuse", { slices: [slicesOf("one-core", Array(rounds).fill(100))] })] }, ["one-core"]);
    expect(alone(3)).toMatchObject([{ isAlone: true, tried: 3, ratios: [] }]);
    expect(roundsToCome(alone(1), { ...request, rounds: 1 }, 9)).toMatchObject({ rounds: null, unreached: [] });
    expect(roundsToCome(alone(0), request, 0).rounds).toBe(5);
    expect(roundsToCome(alone(3), request, 9)).toMatchObject({ rounds: 2, open: [{ isAlone: true }] });
    expect(roundsToCome(alone(5), request, 9)).toMatchObject({ rounds: null, open: [], unreached: [] });
  });

  test("ends where its rounds leave nothing behind", () => {
    for (const rounds of [null, 3]) expect(roundsToCome([], { ...request, rounds }, 9).rounds).toBeNull();
  });
});

/** Whole runs of simulated rounds: the part whose printed interval holds the truth at the stop. */
function coverage(draw: () => number, runs = 4000): number {
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const ratios: number[] = [];
    for (;;) {
      const { rounds } = roundsToCome([watched(ratios)], request, 0);
      if (rounds === null) break;
      for (let round = 0; round < rounds; round++) ratios.push(Math.exp(draw()));
    }
    const { low, high } = estimateOfRounds(ratios, "precision")!.interval;
    if (low <= 1 && high >= 1) held += 1;
  }
  return held / runs;
}

describe("the interval that a run prints when it stops holds the truth, of simulated rounds", () => {
  const random = seededRandom(11);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  /** Student's t with 3 degrees of freedom, with deviation 1: heavy tails. */
  const heavy = () => normal() / Math.hypot(normal(), normal(), normal());
  const disturbed = () => normal() * (random() < 0.05 ? 10 : 1);

  test.each([
    ["steady, 0.5 %", () => 0.005 * normal()],
    ["as wide as the precision", () => 0.02 * normal()],
    ["wider than the precision", () => 0.03 * normal()],
    ["heavy tails", () => 0.02 * heavy()],
    ["one round in twenty is disturbed", () => 0.01 * disturbed()],
  ])("%s", (_, draw) => {
    expect(coverage(draw)).toBeGreaterThan(0.94);
  });
});
