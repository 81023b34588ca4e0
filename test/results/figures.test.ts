import { describe, expect, test } from "vitest";
import { cellKey, hasMountWindow, isAsFound, isServed, traitsOf } from "../../results/cells/index.js";
import { layoutOf } from "../../results/figures/layout.js";
import { figureKeys, figuresIn, isByName, isNumber, isReadIn, rowOf, startupFigures } from "../../results/index.js";
import { blocksOf } from "../../results/planned-blocks.js";
import { runOf } from "../reports/run-of.js";

describe("the place of figures in a file", () => {
  const sample = layoutOf(["syscalls", "requests", "voluntarySwitches"], "sample");

  test("of a sample: transitions stand by party, other figures by their name", () => {
    const figures = {
      syscalls: { application: 1, daemon: 2 },
      requests: { READ: 3 },
      voluntarySwitches: { application: 4, daemon: null },
    };
    const file = {
      transitions: { application: { syscalls: 1 }, daemon: { syscalls: 2 } },
      requests: { READ: 3 },
      voluntarySwitches: { application: 4, daemon: null },
    };
    expect(sample.encode(figures)).toEqual(file);
    expect(sample.decode(file)).toEqual(figures);
    expect(Object.keys(sample.shape)).toEqual(["transitions", "requests", "voluntarySwitches"]);
  });

  test("of the startup overhead: transitions stand by name", () => {
    expect(layoutOf(["syscalls"], "startup").encode({ syscalls: { application: 1, daemon: 2 } })).toEqual({
      syscalls: { application: 1, daemon: 2 },
    });
  });

  test("a figure that an older version did not write is not known", () => {
    expect(sample.decode({ transitions: { application: { syscalls: 1 }, daemon: null } })).toEqual({
      syscalls: { application: 1, daemon: null },
      requests: null,
      voluntarySwitches: { application: null, daemon: null },
    });
  });
});

describe("the registry of figures", () => {
  test("a counted run also reads what its startup overhead is subtracted from", () => {
    for (const key of figureKeys) {
      const { runs, startup } = rowOf(key);
      expect(isReadIn(key, "timed"), key).toBe(runs !== "counted");
      expect(isReadIn(key, "counted"), key).toBe(runs !== "timed" || startup !== "none");
    }
    // One of each: some figures are of timed runs alone, and some of these are subtracted.
    expect(figureKeys.filter((key) => rowOf(key).runs === "timed").map((key) => isReadIn(key, "counted"))).toEqual(
      expect.arrayContaining([true, false]),
    );
  });

  test("each kind of run has its own figures, and those of both", () => {
    expect(figuresIn("timed")).toEqual(figureKeys.filter((key) => rowOf(key).runs !== "counted"));
    expect(figuresIn("counted")).toEqual(figureKeys.filter((key) => rowOf(key).runs !== "timed"));
    expect(figuresIn("timed")).toContain("energyJoules");
    expect(figuresIn("counted")).toContain("syscalls");
    expect(startupFigures).toContain("syscalls");
    expect(startupFigures).not.toContain("energyJoules");
  });

  test("tells numbers from counts by name", () => {
    expect([isNumber("syscalls"), isByName("syscalls")]).toEqual([true, false]);
    expect([isNumber("syscallsByName"), isByName("syscallsByName")]).toEqual([false, true]);
  });
});

describe("backends", () => {
  const records = [
    { name: "fuse", kind: "fuse", command: "c", unavailable: null },
    { name: "one", kind: "native", command: null, unavailable: null },
    { name: "two", kind: "native", command: null, unavailable: null },
    { name: "own", kind: "command", command: "c", unavailable: null, ownsReadahead: true },
    { name: "daemon-readahead", kind: "fuse", command: "c", unavailable: null },
    { name: "other", kind: "fuse", command: "c", unavailable: null, ownsReadahead: false },
  ] as const;

  test.each([
    ["one", { kind: "native", role: "reference", ownsReadahead: false }],
    ["two", { kind: "native", role: "reference again", ownsReadahead: false }],
    ["fuse", { kind: "fuse", role: "contender", ownsReadahead: false }],
    ["own", { kind: "command", role: "contender", ownsReadahead: true }],
    ["daemon-readahead", { kind: "fuse", role: "contender", ownsReadahead: true }],
    ["unrecorded", { kind: "command", role: "contender", ownsReadahead: false }],
  ])("%s: %j", (name, traits) => expect(traitsOf(records, name)).toEqual(traits));

  test.each([
    { kind: "native", served: false },
    { kind: "passthrough", served: false },
    { kind: "fuse", served: true },
    { kind: "command", served: true },
  ] as const)("a daemon answers the reads of $kind: $served", ({ kind, served }) => {
    expect(isServed({ kind })).toBe(served);
    expect(hasMountWindow({ kind, ownsReadahead: false })).toBe(served);
    expect(hasMountWindow({ kind, ownsReadahead: true })).toBe(false);
  });
});

test("a cell's key has its readahead, or none", () => {
  const reads = { backend: "b", workload: "w", ioSizeBytes: 1, cache: "warm" } as const;
  const setting = { mountKiB: null, initKiB: null, deviceKiB: null, access: "read", advice: "none" } as const;
  expect(cellKey(reads)).toBe('["b","w 1 warm",null]');
  expect(cellKey({ ...reads, readahead: setting })).toBe('["b","w 1 warm",[null,null,null,"read","none"]]');
  expect(isAsFound({ ...setting })).toBe(true);
  expect(isAsFound({ ...setting, deviceKiB: 0 })).toBe(false);
});

test("the blocks of a run are those that were planned, or else those of the request", () => {
  const run = runOf([]);
  expect(blocksOf(run)).toMatchObject({ blocks: 3, countedBlocks: 1 });
  expect(blocksOf({ ...run, plannedBlocks: { blocks: 9, countedBlocks: 2 } })).toEqual({ blocks: 9, countedBlocks: 2 });
});
