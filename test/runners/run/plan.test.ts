import { expect, test } from "vitest";
import { cellsOf, type Grid, planOf } from "../../../runners/run/plan.js";

const grid: Grid = {
  backends: ["native", "native-again", "fuse"],
  workloads: ["seq-rd-1th-1f", "rnd-rd-1th-1f"],
  ioSizesBytes: [4096, 131072],
  caches: ["cold", "warm"],
};
const cells = cellsOf(grid);
const text = (value: unknown) => JSON.stringify(value);

test("the grid has every combination once", () => {
  expect(cells).toHaveLength(3 * 2 * 2 * 2);
  expect(new Set(cells.map(text)).size).toBe(cells.length);
});

test("every block has every cell once, and only the first blocks are counted", () => {
  const steps = planOf(grid, 4, 2, 7);
  for (let block = 0; block < 4; block++) {
    const inBlock = steps.filter((step) => step.block === block);
    expect(inBlock.map(({ key }) => text(key)).sort()).toEqual(cells.map(text).sort());
    expect(inBlock.map(({ order }) => order)).toEqual(cells.map((_, index) => index));
    expect(new Set(inBlock.map(({ counted }) => counted))).toEqual(new Set([block < 2]));
  }
});

test("the same seed gives the same plan, another seed another", () => {
  expect(planOf(grid, 3, 1, 42)).toEqual(planOf(grid, 3, 1, 42));
  expect(text(planOf(grid, 3, 1, 42))).not.toBe(text(planOf(grid, 3, 1, 43)));
});

test("blocks differ in order", () => {
  const orders = [0, 1, 2].map((block) =>
    text(
      planOf(grid, 3, 1, 1)
        .filter((step) => step.block === block)
        .map(({ key }) => key),
    ),
  );
  expect(new Set(orders).size).toBe(3);
});
