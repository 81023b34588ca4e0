import { describe, expect, test } from "vitest";
import { candidates } from "../../../studies/slices/candidates.js";
import { coverageByCandidate, coverageOf, OWN } from "../../../studies/slices/coverage.js";
import { consecutiveRounds, swappedRounds, taken } from "../../../studies/slices/drawing.js";
import { poolsOf } from "../../../studies/slices/pools.js";
import { coverageAtStop, untilPrecise } from "../../../studies/slices/stopping.js";
import { seededRandom } from "../../../workloads/index.js";
import { cellOf, runOf } from "../../reports/run-of.js";
import { slicesOf } from "../../reports/slices-of.js";

const rounds = (ns: number, count = 20) => Array.from({ length: count }, (_, round) => ns * (1 + round / 1000));

test("a pool is native by native again, or one command under two names, in one placement", () => {
  const slices = (ns: number) => [slicesOf("one-core", rounds(ns)), slicesOf("scheduler", rounds(ns, 19))];
  const run = runOf([
    cellOf("native", { slices: slices(100) }),
    cellOf("native-again", { slices: slices(101) }),
    cellOf("fuse", { slices: slices(500) }),
    cellOf("base", { slices: slices(300) }),
    cellOf("other", { slices: slices(300) }),
    cellOf("head", { slices: slices(303) }),
    cellOf("head", { slices: slices(303), ioSizeBytes: 8192 }),
  ]);
  const commands: Readonly<Record<string, string>> = { base: "mine", head: "mine" };
  const backends = run.backends.map((record) => ({ ...record, command: commands[record.name] ?? record.command }));
  expect(
    poolsOf({ ...run, backends: backends.map((record) => (record.kind === "native" ? { ...record, command: null } : record)) }),
  ).toEqual([
    { name: "native-again by native, rnd-rd-1th-1f 4 KiB warm, one-core", ratios: Array(20).fill(expect.closeTo(1.01)) },
    { name: "head by base, rnd-rd-1th-1f 4 KiB warm, one-core", ratios: Array(20).fill(expect.closeTo(1.01)) },
  ]);
});

test("rounds with swapped names have no effect of the pool's in them; consecutive ones keep theirs and their order", () => {
  const pool = { name: "", ratios: [1.1, 1.2, 1.4] };
  const swapped = taken(swappedRounds(pool, seededRandom(1)), 6000).map(Math.log);
  expect(new Set(swapped.map((value) => Math.abs(value).toFixed(6))).size).toBe(3);
  expect(Math.abs(swapped.reduce((a, b) => a + b, 0) / 6000)).toBeLessThan(0.01);
  expect(
    taken(
      consecutiveRounds(pool, () => 0.4),
      5,
    ),
  ).toEqual([1.2, 1.4, 1.1, 1.2, 1.4]);
});

describe("intervals", () => {
  const values = [1, 2, 4, 8, 16, 32, 64, 128];

  test("of Hodges and Lehmann lie between means of pairs", () => {
    // Of 8 values the 2.5 percent point of the signed-rank test is 4 (Conover, table A12): the fourth mean from either end.
    const means = values.flatMap((value, index) => values.slice(index).map((other) => (value + other) / 2)).sort((a, b) => a - b);
    expect(candidates["Hodges-Lehmann"]!(values)).toEqual({ low: means[3], high: means.at(-4) });
    expect(candidates["Hodges-Lehmann"]!(values.slice(0, 4))).toEqual({ low: 1, high: 8 });
  });

  test("of Huber lie about the middle where one value is far off", () => {
    const { low, high } = candidates["Huber's t"]!([-2, -1, 0, 1, 2, 1000]);
    expect([low, high]).toEqual([
      expect.toSatisfy((end: number) => end < -1 && end > -3),
      expect.toSatisfy((end: number) => end > 1 && end < 4),
    ]);
    expect(candidates["Huber's t"]!([3, 3, 3, 3])).toEqual({ low: 3, high: 3 });
  });

  test("hold the truth as often as they say, of normal rounds", () => {
    const random = seededRandom(5);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const found = coverageByCandidate(
      Array(4000).fill(() => Math.exp(0.01 * normal())),
      10,
    );
    for (const name of [OWN, "Student's t", "Hodges-Lehmann", "order statistics"]) {
      expect(found.get(name)!.held, name).toBeGreaterThan(0.937);
    }
    expect(found.get("Student's t")!.meanHalfWidth).toBeCloseTo(0.00696, 3);
  });

  test("are counted by whether they hold 0", () => {
    const ends = [
      { low: -1, high: 1 },
      { low: 0, high: 4 },
      { low: 1, high: 2 },
    ];
    expect(coverageOf(ends)).toEqual({ decisions: 3, held: 2 / 3, meanHalfWidth: 3.5 / 3 });
  });
});

test("a run takes rounds until it is precise, and its interval is that of a run with looks", () => {
  let round = 0;
  const steady = () => (round++ % 2 === 0 ? 1.001 : 0.999);
  expect(untilPrecise(steady, 0.01)).toHaveLength(5);
  expect(coverageAtStop([steady, steady], 0.01)).toMatchObject({ decisions: 2, held: 1, meanRounds: 5 });
  const wide = () => (round++ % 2 === 0 ? 1.02 : 0.98);
  expect(untilPrecise(wide, 0.01).length).toBeGreaterThan(14);
});
