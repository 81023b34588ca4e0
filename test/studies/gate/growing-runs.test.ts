import { describe, expect, test } from "vitest";
import type { Cell, Run } from "../../../results/index.js";
import { drawnRun } from "../../../studies/gate/drawn-run.js";
import { poolOf } from "../../../studies/gate/pool.js";
import { replayedRun } from "../../../studies/gate/replayed-run.js";
import { seededRandom } from "../../../workloads/index.js";
import { savedRun } from "./saved-run.js";

const counts = { blocks: 1, countedBlocks: 1, places: null, opens: [], sliceRounds: 0 };
const slices = (sliceRounds: number) => ({ blocks: 0, countedBlocks: 0, places: [], opens: [], sliceRounds });
const cell = (run: Run, backend: string) => run.cells.find((one) => one.backend === backend)!;
const roundsOf = ({ slices: [placed] }: Cell) => placed!.rounds;
const firstNs = (one: Cell) => roundsOf(one).map((round) => (round.ok ? round.nsPerOperation[0] : null));

describe("a pool of saved runs", () => {
  test("has the rounds of all runs, and their pace: counts of 10 s, a round each 2 s", () => {
    const runs = [savedRun({ rounds: 6 }), savedRun({ rounds: 4, id: "other" })];
    expect(poolOf(runs, "one-core")).toMatchObject({ countsSeconds: 10, secondsPerRound: 2, like: runs[0] });
    expect(poolOf(runs, "one-core").rounds).toHaveLength(10);
  });

  test("leaves out a round in which a cell took no part", () => {
    const run = savedRun({ rounds: 6 });
    cell(run, "head").slices[0]!.rounds.splice(2, 1);
    expect(poolOf([run], "one-core").rounds).toHaveLength(5);
  });

  test("of a single round has no pace", () => {
    expect(() => poolOf([savedRun({ rounds: 1, id: "short" })], "one-core")).toThrow("run short has fewer than two rounds");
  });
});

const same = ["base", "head", "base-again"];

describe("a run drawn from a pool", () => {
  const saved = savedRun({ rounds: 12 });
  const pool = poolOf([saved], "one-core");

  test("has the counts and rounds that were asked for, and takes their time; the pool stays as it is", () => {
    const before = structuredClone(pool);
    const { run, add } = drawnRun(pool, same, seededRandom(1));
    expect(add(counts)).toBe(10);
    expect(add(slices(3))).toBe(16);
    expect(add(slices(2))).toBe(20);
    for (const backend of same) {
      expect(cell(run, backend).counts).toHaveLength(1);
      expect(roundsOf(cell(run, backend)).map(({ round }) => round)).toEqual([0, 1, 2, 3, 4]);
    }
    expect(pool).toEqual(before);
  });

  test("takes each round as a whole, and names its daemons anew", () => {
    const { run, add } = drawnRun(pool, same, seededRandom(1));
    add(slices(200));
    const own = same.map((backend) => firstNs(cell(saved, backend)));
    const drawn = same.map((backend) => firstNs(cell(run, backend)));
    const places = drawn[0]!.map((_, index) => {
      const ns = drawn.map((values) => values[index]);
      const round = own[0]!.findIndex((_ns, from) => ns.every((one) => own.some((values) => values[from] === one)));
      expect(round).toBeGreaterThanOrEqual(0);
      return own.findIndex((values) => values[round] === ns[0]);
    });
    // Each of the three is named base in about a third of the rounds.
    for (const place of [0, 1, 2]) expect(places.filter((one) => one === place).length).toBeGreaterThan(40);
  });

  test("keeps the name of a daemon that is another one", () => {
    const { run, add } = drawnRun(pool, ["base", "base-again"], seededRandom(1));
    add(slices(50));
    const heads = new Set(firstNs(cell(saved, "head")));
    expect(firstNs(cell(run, "head")).every((ns) => heads.has(ns))).toBe(true);
    expect(firstNs(cell(run, "base")).some((ns) => heads.has(ns))).toBe(false);
  });

  test("is the same for the same seed", () => {
    const [one, two] = [1, 1].map((seed) => {
      const { run, add } = drawnRun(pool, same, seededRandom(seed));
      add(slices(9));
      return firstNs(cell(run, "base"));
    });
    expect(one).toEqual(two);
  });
});

describe("a saved run that is replayed", () => {
  const saved = savedRun({ rounds: 8 });

  test("grows by its own counts and rounds in their order, each at its time", () => {
    const { run, add } = replayedRun(saved, "one-core", 60);
    expect(cell(run, "head").counts).toEqual([]);
    expect(add(counts)).toBe(10);
    expect(cell(run, "head").counts).toEqual(cell(saved, "head").counts.slice(0, 1));
    expect(add(slices(3))).toBe(16);
    expect(firstNs(cell(run, "head"))).toEqual(firstNs(cell(saved, "head")).slice(0, 3));
    expect(add(slices(2))).toBe(20);
    expect(roundsOf(cell(run, "base"))).toEqual(roundsOf(cell(saved, "base")).slice(0, 5));
    // The end of the last round is not written: it takes as long as the others.
    expect(add(slices(3))).toBe(26);
  });

  test("that has no more rounds has spent its budget", () => {
    const { run, add } = replayedRun(saved, "one-core", 60);
    expect(add(slices(9))).toBe(60);
    expect(roundsOf(cell(run, "base"))).toHaveLength(8);
  });

  test("stays as it is", () => {
    const before = structuredClone(saved);
    const { add } = replayedRun(saved, "one-core", 60);
    add(counts);
    add(slices(2));
    expect(saved).toEqual(before);
  });
});
