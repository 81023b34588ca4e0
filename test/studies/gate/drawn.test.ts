import { describe, expect, test } from "vitest";
import { type Judge, judge } from "../../../reports/gate/index.js";
import type { Run } from "../../../results/index.js";
import { decideDrawn } from "../../../studies/gate/decide-drawn.js";
import { drawRun } from "../../../studies/gate/drawn-run.js";
import { slower } from "../../../studies/gate/effects.js";
import type { Pool } from "../../../studies/gate/pool.js";
import { seededRandom } from "../../../workloads/index.js";
import { cellOf, counted, figuresOf, runOf, timed } from "../../reports/run-of.js";

const BLOCKS = 30;

/** Thirty blocks of native and of one daemon under two names, each value its own. */
function pool(): Pool {
  const random = seededRandom(7);
  const samples = (meanUs: number, hasDaemon: boolean) =>
    Array.from({ length: BLOCKS }, (_, block) => {
      const noise = 1 + 0.01 * (random() - 0.5);
      const cpuSeconds = { application: 0.002, daemon: hasDaemon ? 0.01 * noise : null };
      return timed(block, meanUs * noise, 4096, { cpuSeconds });
    });
  const counts = () =>
    [0, 1].map((block) => counted(block, { daemonCalls: { read: 3000 }, switches: [1000, 1000], reads: 1000 }));
  const run = runOf([
    cellOf("native", { samples: samples(1, false), counts: [counted(0, {})] }),
    cellOf("base", { samples: samples(20, true), counts: counts() }),
    cellOf("head", { samples: samples(20, true), counts: counts() }),
  ]);
  return { run, blocks: Array.from({ length: BLOCKS }, (_, block) => block), secondsPerBlock: 2 };
}

const cell = (run: Run, backend: string) => run.cells.find((one) => one.backend === backend)!;
const means = (run: Run, backend: string) => cell(run, backend).samples.map((sample) => figuresOf(sample).latencyNs.mean);

describe("a run drawn from a pool", () => {
  test("has as many blocks as were asked for, counted runs in the first of them, and leaves the pool as it is", () => {
    const from = pool();
    const before = structuredClone(from.run);
    const { run, add } = drawRun(from, seededRandom(1));
    add({ blocks: 3, countedBlocks: 1 });
    add({ blocks: 4, countedBlocks: 2 });
    expect(run.request.blocks).toBe(7);
    for (const backend of ["native", "base", "head"]) {
      expect(cell(run, backend).samples.map(({ block }) => block)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(cell(run, backend).counts.map(({ block }) => block)).toEqual([0, 3, 4]);
    }
    expect(from.run).toEqual(before);
  });

  test("takes each block as a whole, and names the two daemons anew in each", () => {
    const from = pool();
    const { run, add } = drawRun(from, seededRandom(1));
    add({ blocks: 60, countedBlocks: 0 });
    const swaps = means(run, "native").map((native, index) => {
      const block = means(from.run, "native").indexOf(native);
      const drawn = [means(run, "base")[index], means(run, "head")[index]];
      const own = [means(from.run, "base")[block], means(from.run, "head")[block]];
      const isSwapped = drawn[0] === own[1];
      expect(drawn).toEqual(isSwapped ? own.toReversed() : own);
      return isSwapped;
    });
    expect(swaps.filter((isSwapped) => isSwapped).length).toBeGreaterThan(15);
    expect(swaps.filter((isSwapped) => !isSwapped).length).toBeGreaterThan(15);
  });

  test("is the same for the same seed", () => {
    const [one, two] = [1, 1].map((seed) => {
      const { run, add } = drawRun(pool(), seededRandom(seed));
      add({ blocks: 9, countedBlocks: 0 });
      return means(run, "base");
    });
    expect(one).toEqual(two);
  });
});

describe("the gate's procedure on drawn runs", () => {
  const rules = { kinds: new Set(["counts", "times"] as const), leastRatio: 1.05 };
  const pairs = [{ name: "daemon", base: "base", head: "head" }];
  const asHead: Judge = (run, freshFrom) => judge(run, { kind: "head", pairs }, rules, freshFrom);
  const decide = (change: (run: Run) => Run, budgetSeconds = 300) =>
    decideDrawn({ pool: pool(), judge: asHead, leastRatio: 1.05, budgetSeconds, random: seededRandom(3), change });

  test("finds nothing between a daemon and itself", () => {
    expect(decide((run) => run)).toMatchObject({ verdict: "none slower" });
  });

  test("finds a head that is slower by 10 percent, after it was measured again", () => {
    const { verdict, blocks } = decide(slower("head", 1.1));
    expect(verdict).toBe("regression");
    // The pilot has 5; what looked worse was measured again in as many at least.
    expect(blocks).toBeGreaterThanOrEqual(10);
  });

  test("stays within the budget: 5 blocks and a counted one take 12 s", () => {
    expect(decide(slower("head", 1.1), 12)).toEqual({ verdict: "can't tell", blocks: 5 });
  });
});
