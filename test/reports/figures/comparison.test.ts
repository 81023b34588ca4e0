import { describe, expect, test } from "vitest";
import { compare, groups } from "../../../reports/figures/comparison.js";
import { cellOf, counted, failed, runOf, timed } from "../run-of.js";

const calls = { read: 1000, pread64: 1000, writev: 1000 };

/** Native takes 1, 2, 1 us; native-again 1 percent more at first; the daemon 10, 10, 20 us; passthrough twice native's time. */
const run = runOf([
  cellOf("native", {
    samples: [timed(0, 1), timed(1, 2), timed(2, 1)],
    counts: [counted(0, { applicationFaults: 4, switches: [1, null] })],
  }),
  cellOf("native-again", { samples: [timed(0, 1.01), timed(1, 2), timed(2, 1)] }),
  cellOf("fuse", {
    samples: [timed(0, 10), timed(1, 10), timed(2, 20)],
    counts: [counted(0, { daemonCalls: calls, switches: [1000, 1010], reads: 1000 })],
  }),
  cellOf("passthrough", {
    samples: [timed(0, 2), timed(1, 4), failed(timed(2, 1), "the daemon saw 3 READ requests")],
    counts: [counted(0, { daemonCalls: {}, switches: [2, 0], reads: 0 })],
  }),
]);
const rowOf = (backend: string) => compare(run).rows.find((row) => row.backend === backend)!;

describe("speed", () => {
  test("throughput and latency are medians over blocks", () => {
    const native = rowOf("native");
    // 1, 2, 1 us per read: 1e6, 5e5, 1e6 reads per second; 1e6 x 4 KiB are 3906.25 MiB.
    expect(native.operationsPerSecond).toMatchObject({ median: 1e6, n: 3, interval: { low: 5e5, high: 1e6 } });
    expect(native.mebibytesPerSecond!.median).toBeCloseTo(3906.25);
    expect(native.meanLatencyUs!.median).toBe(1);
    expect(native.p99LatencyUs!.median).toBe(2);
  });

  test("a ratio is that of the same block, not of the medians", () => {
    // 1/10, 2/10, 1/20. The ratio of the medians would be 1/10 as well, but its range 1/20 to 1/5 would not be known.
    expect(rowOf("fuse").relativeThroughput).toMatchObject({ n: 3, interval: { reaches95: false } });
    expect(rowOf("fuse").relativeThroughput!.median).toBeCloseTo(0.1);
    expect(rowOf("fuse").relativeThroughput!.interval.low).toBeCloseTo(0.05);
    expect(rowOf("fuse").relativeThroughput!.interval.high).toBeCloseTo(0.2);
    expect(rowOf("fuse").relativeLatency!.median).toBeCloseTo(10);
  });

  test("a failed sample is left out of the figures and counted", () => {
    expect(rowOf("passthrough")).toMatchObject({ failedSamples: 1 });
    expect(rowOf("passthrough").relativeThroughput).toMatchObject({ median: 0.5, n: 2 });
  });

  test("native again gives the noise floor of its cell", () => {
    expect(rowOf("fuse").noiseFloor).toBeCloseTo(1.01);
    expect(rowOf("native-again")).toMatchObject({ isReferenceAgain: true, isUndecided: true, paperClass: null });
    expect(rowOf("fuse")).toMatchObject({ isUndecided: false, paperClass: "Red", isClassUncertain: false });
    expect(rowOf("native")).toMatchObject({ isReference: true, relativeThroughput: null, paperClass: null });
  });

  test.each([
    { latencyUs: 1.04, paperClass: "Green" },
    { latencyUs: 1.06, paperClass: "Yellow" },
    { latencyUs: 1.5, paperClass: "Orange" },
    { latencyUs: 2.1, paperClass: "Red" },
    { latencyUs: 0.5, paperClass: "Green" },
  ])("at $latencyUs times native's latency the paper's class is $paperClass", ({ latencyUs, paperClass }) => {
    const samples = (us: number) => [timed(0, us), timed(1, us)];
    const cells = [cellOf("native", { samples: samples(1) }), cellOf("fuse", { samples: samples(latencyUs) })];
    expect(compare(runOf(cells)).rows[1]).toMatchObject({ paperClass, isUndecided: false });
  });

  test.each([
    { what: "an interval that includes native", native: [1, 1], fuse: [0.9, 1.2], again: null },
    { what: "an interval inside the noise floor", native: [1, 1], fuse: [1.06, 1.08], again: [1.1, 0.95] },
    { what: "a single block, which has no interval", native: [1], fuse: [10], again: null },
    { what: "native again, however far from itself", native: [1, 1], fuse: [0.5, 0.6], again: [2, 3] },
  ])("there is no class of $what", ({ native, fuse, again }) => {
    const samples = (us: readonly number[]) => us.map((value, block) => timed(block, value));
    const cells = [
      cellOf("native", { samples: samples(native) }),
      ...(again === null ? [] : [cellOf("native-again", { samples: samples(again) })]),
      ...(again?.[0] === 2 ? [] : [cellOf("fuse", { samples: samples(fuse) })]),
    ];
    expect(compare(runOf(cells)).rows.at(-1)).toMatchObject({ paperClass: null, isClassUncertain: false });
  });

  test("an interval that reaches into another class makes the class uncertain", () => {
    const cells = [
      cellOf("native", { samples: [timed(0, 1), timed(1, 1)] }),
      cellOf("fuse", { samples: [timed(0, 1.01), timed(1, 1.2)] }),
    ];
    expect(compare(runOf(cells)).rows[1]).toMatchObject({ isClassUncertain: true });
  });

  test("an outlier is named and stays in the figures", () => {
    const samples = [1, 1.01, 0.99, 1.02, 9].map((us, block) => timed(block, us));
    const [row] = compare(runOf([cellOf("native", { samples })])).rows;
    expect(row!.outliers.map(({ block }) => block)).toEqual([4]);
    expect(row!.operationsPerSecond!.n).toBe(5);
  });

  test("cells of another cache state, I/O size or device window are not compared", () => {
    const cells = [
      cellOf("native", { samples: [timed(0, 1)] }),
      cellOf("fuse", { samples: [timed(0, 10)], cache: "cold" }),
      cellOf("fuse", { samples: [timed(0, 10)], ioSizeBytes: 8192 }),
      cellOf("fuse", { samples: [timed(0, 10)], deviceReadaheadKiB: 0 }),
      cellOf("fuse", { samples: [timed(0, 10)], readaheadKiB: 0 }),
    ];
    const compared = compare(runOf(cells)).rows.filter(({ relativeThroughput }) => relativeThroughput !== null);
    expect(compared.map(({ readaheadKiB }) => readaheadKiB)).toEqual([0]);
  });
});

test("a cell whose samples all failed stands with its like, though it does not know the device's window", () => {
  const cells = [
    cellOf("native", { samples: [timed(0, 1)] }),
    cellOf("fuse", { samples: [failed(timed(0, 10), "killed")], deviceReadaheadKiB: null }),
  ];
  const { rows } = compare(runOf(cells));
  expect(rows.map(({ backend, failedSamples }) => [backend, failedSamples])).toEqual([
    ["native", 0],
    ["fuse", 1],
  ]);
  expect(groups(rows)).toHaveLength(1);
});

describe("costs of one I/O", () => {
  test("counts are divided by the I/Os of the counted run", () => {
    expect(rowOf("fuse").costs).toMatchObject({
      applicationSyscalls: 1,
      daemonSyscalls: 3,
      daemonPageFaults: 0,
      applicationSwitches: 1,
      daemonSwitches: 1.01,
      readRequests: 1,
      daemonSyscallsByName: { read: 1, pread64: 1, writev: 1 },
    });
    expect(rowOf("passthrough").costs).toMatchObject({ daemonSyscalls: 0, daemonSwitches: 0, readRequests: 0 });
  });

  test("native has no daemon: nothing applies, and nothing is 0", () => {
    const { daemonSyscalls, daemonSwitches, readRequests, applicationPageFaults, cpuUs } = rowOf("native").costs;
    for (const figure of [daemonSyscalls, daemonSwitches, readRequests]) expect(figure).toMatchObject({ applies: false });
    expect(applicationPageFaults).toBe(0.004);
    // 1998 us of CPU time over the 999 reads that were counted.
    expect(cpuUs).toBeCloseTo(2);
  });

  test.each([
    { what: "no counted run", counts: [], reason: /no counted run was taken/ },
    { what: "a counted run that failed", counts: [failed(counted(0, {}), "fio ended with 1")], reason: /fio ended with 1/ },
    { what: "a host without the counter", counts: [counted(0, { daemonCalls: null })], reason: /doctor/ },
  ])("$what: the figure is missing with its reason", ({ counts, reason }) => {
    const { rows } = compare(runOf([cellOf("fuse", { samples: [timed(0, 1)], counts })]));
    expect(rows[0]!.costs.daemonSyscalls).toMatchObject({ applies: true, reason: expect.stringMatching(reason) });
  });

  test("requests that only the timed runs saw are used", () => {
    const samples = [timed(0, 10, 4096, { requests: { READ: 333, FLUSH: 1 } })];
    expect(compare(runOf([cellOf("fuse", { samples })])).rows[0]!.costs.readRequests).toBeCloseTo(1 / 3);
  });

  test("a load that shows no CPU time beyond its startup overhead has none to tell, and none is not 0", () => {
    const samples = [timed(0, 10, 4096, { cpuSeconds: { application: 0, daemon: 0 }, systemCpuSeconds: 0.1 })];
    expect(compare(runOf([cellOf("fuse", { samples })])).rows[0]!.costs.cpuUs).toMatchObject({
      applies: true,
      reason: expect.stringMatching(/startup overhead/),
    });
  });

  test("calls by name that one counted run does not know are those of the others", () => {
    const unknown = counted(1, { daemonCalls: null });
    const { rows } = compare(runOf([cellOf("fuse", { counts: [counted(0, { daemonCalls: calls }), unknown] })]));
    expect(rows[0]!.costs.daemonSyscallsByName).toEqual({ read: 1, pread64: 1, writev: 1 });
    expect(compare(runOf([cellOf("fuse", { counts: [unknown] })])).rows[0]!.costs.daemonSyscallsByName).toBeNull();
  });

  test("a daemon whose CPU time is unknown leaves the sum unknown", () => {
    expect(rowOf("fuse").costs.cpuUs).toMatchObject({ applies: true, reason: expect.stringMatching(/CPU time/) });
  });
});

test("workloads stand in the order that was asked for, not in that of the first block", () => {
  const cells = ["rnd-rd-1th-1f", "seq-rd-1th-1f"].map((workload) => cellOf("native", { workload }));
  const made = runOf(cells);
  const asked = { ...made, request: { ...made.request, workloads: ["seq-rd-1th-1f", "rnd-rd-1th-1f"] } };
  expect(compare(asked).rows.map(({ workload }) => workload)).toEqual(["seq-rd-1th-1f", "rnd-rd-1th-1f"]);
});

test("rows stand by workload, cache state, I/O size and backend, however the cells came", () => {
  const cells = (["warm", "cold"] as const).flatMap((cache) =>
    [131072, 4096].flatMap((ioSizeBytes) => ["fuse", "native"].map((backend) => cellOf(backend, { cache, ioSizeBytes }))),
  );
  const made = runOf(cells);
  const { rows } = compare({ ...made, backends: made.backends.toReversed() });
  expect(rows.map(({ cache, ioSizeBytes, backend }) => `${cache} ${ioSizeBytes} ${backend}`)).toEqual([
    "cold 4096 native",
    "cold 4096 fuse",
    "cold 131072 native",
    "cold 131072 fuse",
    "warm 4096 native",
    "warm 4096 fuse",
    "warm 131072 native",
    "warm 131072 fuse",
  ]);
});
