import { describe, expect, test } from "vitest";
import { compare, groups } from "../../../reports/figures/comparison.js";
import { countOf, requestsOf, sumOf, systemCount } from "../../../reports/figures/count.js";
import { groupBy } from "../../../reports/figures/group-by.js";
import { byNamePerOperation, isMissing, perOperation, sum } from "../../../reports/figures/per-operation.js";
import { published } from "../../../reports/figures/published.js";
import { cellOfBackend, cellOfNative } from "../../../reports/figures/same-cell.js";
import { seriesOf } from "../../../reports/figures/series.js";
import { cellOf, counted, failed, runOf, timed } from "../run-of.js";

describe("a count of one operation", () => {
  const calls = countOf("syscalls", "daemon");
  const cell = cellOf("fuse", {
    counts: [2000, 3000, 7000].map((read, block) => counted(block, { daemonCalls: { read } })),
    samples: [timed(0, 1, 4096, { contextSwitches: { application: 999, daemon: 1998 } })],
  });

  test("is the median over the counted runs", () => expect(perOperation(cell, calls)).toBe(3));

  test("that counted runs lack comes from timed ones, by the operations behind their counts", () => {
    const uncounted = { ...cell, counts: [] };
    expect(perOperation(uncounted, countOf("contextSwitches", "daemon"))).toBe(2);
    expect(perOperation(uncounted, countOf("contextSwitches", "both"))).toBe(3);
  });

  test("of a run without operations is not known", () => {
    expect(perOperation({ ...cell, counts: [counted(0, { daemonCalls: { read: 5 } }, 0)] }, calls)).toMatchObject({
      applies: true,
    });
  });

  test.each([
    { what: "nothing was counted", change: { counts: [] }, reason: "no counted run was taken" },
    {
      what: "all failed",
      change: { counts: [failed(counted(0, {}), "first"), failed(counted(1, {}), "second")] },
      reason: "no counted run succeeded (first)",
    },
    {
      what: "the host does not count it",
      change: { counts: [counted(0, {})] },
      reason: "not given by this host: see the warnings, or `fusemeter doctor`",
    },
  ])("is missing, with its reason, where $what", ({ change, reason }) => {
    expect(perOperation({ ...cell, ...change, samples: [] }, calls)).toEqual({ applies: true, reason });
  });

  test("of timed runs alone says that of timed runs", () => {
    const energy = systemCount("energyJoules");
    expect(perOperation({ ...cell, samples: [] }, energy)).toEqual({ applies: true, reason: "no timed run was taken" });
    expect(perOperation({ ...cell, samples: [failed(timed(0, 1), "it broke")] }, energy)).toEqual({
      applies: true,
      reason: "no timed run succeeded (it broke)",
    });
  });

  test("of a daemon or of requests does not apply to native; that of both parties is the application's", () => {
    const native = cellOf("native", { counts: [counted(0, { switches: [2000, null] })] });
    expect(perOperation(native, calls)).toEqual({ applies: false, reason: "native has no daemon" });
    expect(perOperation(native, requestsOf("READ"))).toEqual({ applies: false, reason: "native sends no FUSE requests" });
    expect(perOperation(native, countOf("contextSwitches", "both"))).toBe(2);
  });
});

describe("sums", () => {
  test("of figures are missing where one is, with its reason", () => {
    const missing = { applies: true, reason: "why" };
    expect(sum(1, 2, 3.5)).toBe(6.5);
    expect(sum(1, missing, 3)).toBe(missing);
    expect([isMissing(0), isMissing(missing)]).toEqual([false, true]);
  });

  test("of counts are unknown where one is", () => {
    const both = sumOf("transitions", countOf("syscalls", "both"), countOf("userPageFaults", "both"));
    expect(both).toMatchObject({ label: "transitions", side: "both" });
    const cell = (daemonCalls: Record<string, number> | null) =>
      cellOf("fuse", { counts: [counted(0, { daemonCalls, applicationFaults: 500 })] });
    expect(perOperation(cell({ read: 3000 }), both)).toBeCloseTo(1 + 3 + 0.5, 9);
    expect(perOperation(cell(null), both)).toMatchObject({ applies: true });
  });

  test("of both parties are unknown where one is, but for native", () => {
    const { in: read } = countOf("contextSwitches", "both");
    const figures = (application: number | null, daemon: number | null) => ({ contextSwitches: { application, daemon } });
    expect(read(figures(1, 2), { kind: "fuse" })).toBe(3);
    expect(read(figures(null, 2), { kind: "fuse" })).toBeNull();
    expect(read(figures(1, null), { kind: "passthrough" })).toBeNull();
    expect(read(figures(1, null), { kind: "native" })).toBe(1);
    expect(read({}, { kind: "fuse" })).toBeNull();
  });

  test("have labels that name the party", () => {
    const label = countOf("syscalls", "both").label;
    expect(countOf("syscalls", "daemon").label).toBe(`${label} of the daemon`);
    expect(requestsOf("READ").label).toBe("READ requests");
  });
});

test("requests of an opcode that nobody sent are 0 where requests were counted, and unknown elsewhere", () => {
  const { in: read } = requestsOf("WRITE");
  expect(read({ requests: { READ: 5 } }, { kind: "fuse" })).toBe(0);
  expect(read({ requests: { WRITE: 5 } }, { kind: "fuse" })).toBe(5);
  expect(read({ requests: null }, { kind: "fuse" })).toBeNull();
  expect(read({}, { kind: "fuse" })).toBeNull();
  expect(systemCount("idleEntries").in({ idleEntries: 7 }, { kind: "fuse" })).toBe(7);
  expect(systemCount("idleEntries").in({}, { kind: "fuse" })).toBeNull();
});

describe("counts by name of one operation", () => {
  test("are medians, the largest first; a name that a run lacks is 0 in it", () => {
    const counts = [
      { read: 1000, writev: 4000 },
      { read: 1000, writev: 2000, close: 1000 },
      { read: 3000, writev: 2000 },
    ];
    const cell = cellOf("fuse", { counts: counts.map((daemonCalls, block) => counted(block, { daemonCalls })) });
    expect(Object.entries(byNamePerOperation(cell, "syscallsByName")!)).toEqual([
      ["writev", 2],
      ["read", 1],
      ["close", 0],
    ]);
    expect(byNamePerOperation(cell, "syscallsByName", "application")).toEqual({ pread64: 1 });
  });

  test("are those of the runs that know them; null where none does, or none did an operation", () => {
    const known = counted(0, {}, 1000, { answersBySize: { 4096: 500 } });
    expect(byNamePerOperation(cellOf("fuse", { counts: [known, counted(1, {})] }), "answersBySize")).toEqual({ 4096: 0.5 });
    expect(byNamePerOperation(cellOf("fuse", { counts: [counted(1, {})] }), "answersBySize")).toBeNull();
    expect(
      byNamePerOperation(cellOf("fuse", { counts: [counted(0, {}, 0, { answersBySize: { 4096: 5 } })] }), "answersBySize"),
    ).toBeNull();
  });
});

describe("series of timed samples", () => {
  const at = (change: Parameters<typeof timed>[3]) => cellOf("fuse", { samples: [timed(0, 10, 4096, change)] });
  const value = (change: Parameters<typeof timed>[3], name: Parameters<typeof seriesOf>[1]) =>
    seriesOf(at(change), name)[0]?.value;

  test("are in the units that their names tell", () => {
    // 1000 operations of 4 KiB in 10 ms.
    expect(value({}, "operationsPerSecond")).toBeCloseTo(100_000, 6);
    expect(value({}, "bytesPerSecond")).toBeCloseTo(409_600_000, 3);
    expect(value({}, "secondsPerByte")).toBeCloseTo(0.01 / 4_096_000, 15);
    expect(value({}, "p50LatencyNs")).toBe(9000);
    expect(value({}, "p99LatencyNs")).toBe(20_000);
    expect(value({ deviceReads: { requests: 5, seconds: 0.5 } }, "deviceNsPerOperation")).toBeCloseTo(500_000, 6);
    expect(value({ energyJoules: 4.096 }, "joulesPerByte")).toBeCloseTo(1e-6, 15);
  });

  test("leave out a time of 0, and what is not known", () => {
    expect(value({ seconds: 0 }, "operationsPerSecond")).toBeUndefined();
    expect(value({ seconds: 0 }, "secondsPerByte")).toBeUndefined();
    expect(value({}, "deviceNsPerOperation")).toBeUndefined();
    expect(value({}, "joulesPerByte")).toBeUndefined();
    expect(value({ cpuSeconds: { application: 0, daemon: 0 } }, "cpuNsPerOperation")).toBeUndefined();
  });

  test("of the rest of the machine are not below nothing, and unknown where the machine's is", () => {
    const cpuSeconds = { application: 1, daemon: 1 };
    expect(value({ cpuSeconds, systemCpuSeconds: 1 }, "otherCpuSeconds")).toBe(0);
    expect(value({ cpuSeconds, systemCpuSeconds: null }, "otherCpuSeconds")).toBeUndefined();
  });
});

test("a cell is found by its backend or native's role, for the same operations", () => {
  const cells = [
    cellOf("fuse", { ioSizeBytes: 8192 }),
    cellOf("fuse", {}),
    cellOf("native", { ioSizeBytes: 8192 }),
    cellOf("native", {}),
    cellOf("native-again", {}),
  ];
  const run = runOf(cells);
  expect(cellOfBackend(run, cells[3]!, "fuse")).toBe(cells[1]);
  expect(cellOfNative(run, cells[1]!)).toBe(cells[3]);
  expect(cellOfNative(run, cells[1]!, "reference again")).toBe(cells[4]);
  expect(cellOfNative(run, cells[0]!, "reference again")).toBeUndefined();
});

test("groups keep the order of their first thing", () => {
  expect([...groupBy(["b1", "a1", "b2"], ([first]) => first!)]).toEqual([
    ["b", ["b1", "b2"]],
    ["a", ["a1"]],
  ]);
});

describe("a run that was stopped", () => {
  const reached = [
    cellOf("native", { samples: [timed(0, 1)], cache: "cold", deviceReadaheadKiB: 64 }),
    cellOf("native", { samples: [timed(0, 1)] }),
    cellOf("fuse", { samples: [timed(0, 9)] }),
  ];
  test("has an empty row for each backend that a group lacks, but for those that could not run", () => {
    const made = runOf(reached);
    const gone = { name: "passthrough", kind: "passthrough", command: "p", unavailable: "no root" } as const;
    const { rows } = compare({ ...made, backends: [...made.backends, gone] });
    expect(rows.map(({ cache, backend, operationsPerSecond }) => [cache, backend, operationsPerSecond !== null])).toEqual([
      ["cold", "native", true],
      ["cold", "fuse", false],
      ["warm", "native", true],
      ["warm", "fuse", true],
    ]);
    expect(rows[1]).toMatchObject({ medium: "disk", deviceReadaheadKiB: 64, readaheadKiB: null, kind: "fuse" });
    expect(groups(rows).map((group) => group.length)).toEqual([2, 2]);
  });

  test("a cell that does not know the device's window has that of its like, on the same medium", () => {
    const lost = cellOf("fuse", { deviceReadaheadKiB: null });
    const window = (...others: Parameters<typeof cellOf>[1][]) =>
      compare(runOf([...others.map((other, index) => cellOf(`other${index}`, other)), lost])).rows.find(
        ({ backend, cell }) => backend === "fuse" && cell.medium === "disk" && cell.cache === "warm",
      )!.deviceReadaheadKiB;
    expect(window({ deviceReadaheadKiB: null }, { deviceReadaheadKiB: 256 })).toBe(256);
    expect(window({ deviceReadaheadKiB: 256, medium: "tape" })).toBeNull();
    expect(window({ deviceReadaheadKiB: 256, cache: "cold" })).toBeNull();
  });
});

test("two windows of one backend stand by the window, and an unknown one first", () => {
  const { rows } = compare(runOf([512, 128, null].map((readaheadKiB) => cellOf("fuse", { readaheadKiB }))));
  expect(rows.map(({ readaheadKiB }) => readaheadKiB)).toEqual([null, 128, 512]);
});

describe("the paper's figures", () => {
  test("are throughput by ext4's on the same medium, for each configuration", () => {
    const found = published("rnd-rd-1th-1f", 4096);
    expect(found.map(({ medium, config }) => `${medium} ${config}`)).toEqual([
      "HDD stackfs-base",
      "HDD stackfs-opt",
      "SSD stackfs-base",
      "SSD stackfs-opt",
    ]);
    for (const { relativeThroughput } of found) {
      expect(relativeThroughput).toBeGreaterThan(0.3);
      expect(relativeThroughput).toBeLessThan(1.2);
    }
    expect(published("seq-rd-1th-1f", 1048576)).toHaveLength(4);
  });

  test("are none for a workload or a size that the paper has not", () => {
    expect(published("rnd-rd-1th-1f", 5)).toEqual([]);
    expect(published("my-workload", 4096)).toEqual([]);
  });
});
