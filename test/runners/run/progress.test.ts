import { describe, expect, test } from "vitest";
import type { CellKey } from "../../../results/index.js";
import { planOf, type Step } from "../../../runners/run/plan.js";
import { Clock, type Part } from "../../../runners/run/progress.js";

const keyOf = (backend: string): CellKey => ({ backend, workload: "rnd-rd-1th-1f", ioSizeBytes: 4096, cache: "warm" });
const step = (backend: string, block: number, counted = false): Step => ({
  key: keyOf(backend),
  block,
  order: 0,
  timed: true,
  counted,
});
const nothing = () => false;
const everything = () => true;

/** Seconds of each part of a cell. */
type Durations = Readonly<Record<Exclude<Part, "block">, number>>;

/** A run in which everything takes a known time. */
interface Script {
  readonly steps: readonly Step[];
  readonly blockSeconds: number;
  readonly durationsOf: (key: CellKey) => Durations;
}

/** Plays a script: after each sample the clock's estimate of the rest, and the time that the rest takes. */
function play({ steps, blockSeconds, durationsOf }: Script): { estimated: number; actual: number }[] {
  const clock = new Clock();
  const known = new Set<string>();
  const name = (key: CellKey) => JSON.stringify(key);
  const hasStartup = (key: CellKey) => known.has(name(key));
  const took: number[] = [];
  const estimates: number[] = [];
  for (const [index, { key, block, counted }] of steps.entries()) {
    // The beginning of a block belongs to its first sample, and of the first block to nothing: it is over.
    const parts: [Part, CellKey | null, number][] = [];
    if (block !== steps[index - 1]?.block) parts.push(["block", null, blockSeconds]);
    const durations = durationsOf(key);
    if (!hasStartup(key)) parts.push(["startup", key, durations.startup]);
    if (counted) parts.push(["counted", key, durations.counted]);
    parts.push(["timed", key, durations.timed]);
    for (const part of parts) clock.add(...part);
    known.add(name(key));
    took.push(parts.reduce((sum, [, , seconds]) => sum + seconds, 0));
    const rest = steps.slice(index + 1);
    const blockBegins = rest.length > 0 && rest[0]!.block !== block ? blockSeconds : 0;
    estimates.push(clock.estimate(rest, hasStartup)! + blockBegins);
  }
  return estimates.map((estimated, index) => ({ estimated, actual: took.slice(index + 1).reduce((a, b) => a + b, 0) }));
}

const backends = ["native", "native-again", "fuse", "passthrough"];
const plan = (blocks: number, countedBlocks: number) =>
  planOf({ backends, workloads: ["rnd-rd-1th-1f"], ioSizesBytes: [4096, 131072], caches: ["warm"] }, blocks, countedBlocks, 7);

test("a step that is not timed takes no time for it", () => {
  const clock = new Clock();
  clock.add("counted", keyOf("fuse"), 3);
  clock.add("timed", keyOf("fuse"), 5);
  const counted = step("fuse", 1, true);
  expect(clock.estimate([counted], everything)).toBe(8);
  expect(clock.estimate([{ ...counted, timed: false }], everything)).toBe(3);
});

test("nothing is estimated before the first sample", () => {
  expect(new Clock().estimate([step("native", 0)], nothing)).toBeNull();
});

describe("a scripted run", () => {
  test.each([
    { blocks: 3, countedBlocks: 1 },
    { blocks: 15, countedBlocks: 2 },
    { blocks: 2, countedBlocks: 2 },
  ])("of equal cells, $countedBlocks of $blocks blocks counted: the first estimate is right, and each after it", (size) => {
    const durations = { startup: 4, counted: 6, timed: 5 };
    const script = { steps: plan(size.blocks, size.countedBlocks), blockSeconds: 3, durationsOf: () => durations };
    for (const { estimated, actual } of play(script)) expect(estimated).toBeCloseTo(actual, 9);
  });

  test("of unequal cells: the first estimate has no bias, whichever cell comes first", () => {
    const steps = plan(3, 1);
    const cells = steps.filter(({ block }) => block === 0).length;
    const durationsOf = ({ backend, ioSizeBytes }: CellKey): Durations => {
      const factor = (backends.indexOf(backend) + 1) * (ioSizeBytes === 4096 ? 10 : 1);
      return { startup: 1 + factor / 10, counted: 2 * factor, timed: factor };
    };
    // Each cell is once the first of its block, as a draw makes it.
    const firsts = Array.from({ length: cells }, (_, first) => {
      const block = [...steps.slice(first, cells), ...steps.slice(0, first)];
      return play({ steps: [...block, ...steps.slice(cells)], blockSeconds: 0, durationsOf })[0]!;
    });
    const total = (pick: "estimated" | "actual") => firsts.reduce((sum, one) => sum + one[pick], 0);
    expect(total("estimated")).toBeCloseTo(total("actual"), 6);
  });

  test("of unequal cells: once each cell was met in each way the rest is known", () => {
    const durationsOf = ({ backend }: CellKey): Durations => ({ startup: 2, counted: 3, timed: backends.indexOf(backend) + 1 });
    const steps = plan(4, 1);
    const after = play({ steps, blockSeconds: 1, durationsOf }).slice(steps.length / 4 - 1);
    for (const { estimated, actual } of after) expect(estimated).toBeCloseTo(actual, 9);
  });
});

test("a cell takes as long as it took before, an unknown one as long as the mean", () => {
  const clock = new Clock();
  clock.add("timed", keyOf("native"), 1);
  clock.add("timed", keyOf("fuse"), 3);
  expect(clock.estimate([step("native", 1), step("fuse", 1), step("passthrough", 1)], everything)).toBe(1 + 3 + 2);
});

test("a counted sample takes longer than a timed one and does not stand for it", () => {
  const clock = new Clock();
  clock.add("counted", keyOf("native"), 9);
  clock.add("timed", keyOf("native"), 1);
  expect(clock.estimate([step("native", 2)], everything)).toBe(1);
  expect(clock.estimate([step("native", 2, true)], everything)).toBe(10);
});

test("a cell's startup overhead is measured once, and not again in a run that is resumed", () => {
  const clock = new Clock();
  clock.add("startup", keyOf("fuse"), 4);
  clock.add("timed", keyOf("fuse"), 1);
  clock.add("block", null, 0);
  const steps = [step("native", 2), step("native", 3)];
  expect(clock.estimate(steps, nothing)).toBe(4 + 1 + 1);
  expect(clock.estimate(steps, everything)).toBe(1 + 1);
});
