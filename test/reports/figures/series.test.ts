import { describe, expect, test } from "vitest";
import { seriesOf } from "../../../reports/figures/series.js";
import { entryOf } from "../../../reports/gate/entry.js";
import { cellOf, counted, failed, runOf, timed } from "../run-of.js";

const known = { cpuSeconds: { application: 0.002, daemon: 0.003 }, systemCpuSeconds: 0.1 };
const unknownDaemon = { cpuSeconds: { application: 0.002, daemon: null }, systemCpuSeconds: 0.1 };
const atBlocks = (change: Parameters<typeof timed>[3]) =>
  [0, 1].map((block) => timed(block, 10, 4096, { countedOperations: 1000, ...change }));

describe("the CPU time of an operation", () => {
  test("is that of application and daemon together, in each block", () => {
    const cell = cellOf("fuse", { samples: atBlocks(known) });
    expect(seriesOf(cell, "cpuNsPerOperation")).toEqual([0, 1].map((block) => ({ block, value: 5000 })));
    expect(seriesOf(cell, "otherCpuSeconds").map(({ value }) => value)).toEqual([0.095, 0.095]);
  });

  test("is the application's alone where native has no daemon", () => {
    const cell = cellOf("native", { samples: atBlocks(unknownDaemon) });
    expect(seriesOf(cell, "cpuNsPerOperation").map(({ value }) => value)).toEqual([2000, 2000]);
    expect(seriesOf(cell, "otherCpuSeconds").map(({ value }) => value)).toEqual([0.098, 0.098]);
  });

  test.each(["cpuNsPerOperation", "otherCpuSeconds"] as const)("is unknown where that of a daemon is: %s", (name) => {
    expect(seriesOf(cellOf("fuse", { samples: atBlocks(unknownDaemon) }), name)).toEqual([]);
  });

  test("of an unknown daemon is in no baseline, and neither is the rest of the machine's", () => {
    const cells = [["native", unknownDaemon] as const, ["fuse", unknownDaemon] as const, ["passthrough", known] as const];
    const run = runOf(cells.map(([name, change]) => cellOf(name, { samples: atBlocks(change), counts: [counted(0, {})] })));
    const entry = entryOf(run, new Date("2026-01-02T03:04:05Z"));
    const measures = entry.cells.map(({ backend, timesToNative }) => [backend, Object.keys(timesToNative)]);
    expect(measures).toEqual([
      ["native", []],
      ["fuse", ["mean latency"]],
      ["passthrough", ["mean latency", "CPU time"]],
    ]);
    expect(Object.keys(entry.conditions.otherCpuSeconds)).toEqual([
      "native rnd-rd-1th-1f 4096 warm",
      "passthrough rnd-rd-1th-1f 4096 warm",
    ]);
  });
});

test("a block that failed has no figure, and the others keep theirs", () => {
  const samples = [timed(0, 10), failed(timed(1, 10), "it broke"), timed(2, 20)];
  expect(seriesOf(cellOf("fuse", { samples }), "meanLatencyNs")).toEqual([
    { block: 0, value: 10_000 },
    { block: 2, value: 20_000 },
  ]);
});
