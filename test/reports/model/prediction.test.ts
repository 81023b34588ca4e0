import { describe, expect, test } from "vitest";
import type { Annotations } from "../../../reports/charts/annotations.js";
import { reportCharts } from "../../../reports/charts/charts.js";
import { compare } from "../../../reports/figures/comparison.js";
import { modelOf, PARTS } from "../../../reports/model/prediction.js";
import { modelTables } from "../../../reports/model/table.js";
import { unitTable } from "../../../reports/model/unit-costs.js";
import { cellRecords } from "../../../reports/pages/csv.js";
import { reportTables } from "../../../reports/pages/report-tables.js";
import { type Calibration, type UnitName, unitName } from "../../../results/calibration.js";
import { type CountedCosts, cellOf, counted, figuresOf, runOf, timed } from "../run-of.js";

const prices: Readonly<Record<UnitName, number>> = {
  systemCall: 100,
  userPageFault: 1000,
  switchSameCore: 2000,
  wakeOtherCore: 9000,
  wakeUpSent: 3000,
  copiedByteCached: 0.01,
  copiedByteUncached: 0.1,
  readCall: 600,
  loadGenerator: 30,
  roundTripDevice: 15_000,
  roundTripIoUring: 14_000,
};

const trip = {
  applicationSyscalls: 1,
  daemonSyscalls: 2,
  applicationSwitches: 1,
  daemonSwitches: 1,
  applicationCpuNs: 5000,
  daemonCpuNs: 10_000,
};

function calibrated(rest: Partial<Record<UnitName, number | string>> = {}): Calibration {
  return {
    startedAt: "2026-01-02T03:04:05.000Z",
    units: unitName.options.map((name) => {
      const price = rest[name] ?? prices[name];
      return typeof price === "string"
        ? { name, samplesNs: [], unavailable: price }
        : { name, samplesNs: [price, price * 0.9, price * 1.1], unavailable: null };
    }),
    roundTrips: [
      { name: "roundTripDevice", ...trip },
      { name: "roundTripIoUring", ...trip, daemonSyscalls: 1 },
    ],
  };
}

/** Context switches and idle entries per read of the timed samples. */
interface Handed {
  readonly application: number;
  readonly daemon: number;
  readonly idle: number;
}

function read(backend: string, us: number, counts: CountedCosts, rest = {}, handed?: Handed) {
  const [application, daemon] = (counts.switches ?? [0, 0]).map((count) => (count ?? 0) / 1000);
  const { idle, ...switches } = handed ?? { application: application!, daemon: daemon!, idle: 0 };
  const samples = [0, 1, 2].map((block) => {
    const operations = 999;
    const contextSwitches = { application: switches.application * operations, daemon: switches.daemon * operations };
    return timed(block, us, 4096, { countedOperations: operations, contextSwitches, idleEntries: idle * operations });
  });
  return cellOf(backend, { samples, counts: [counted(0, counts)], ...rest });
}

const throughDevice: CountedCosts = {
  daemonCalls: { read: 1000, pread64: 1000, write: 1000 },
  switches: [1000, 1000],
  reads: 1000,
};
const throughRing: CountedCosts = { daemonCalls: { io_uring_enter: 1000 }, switches: [1000, 1000], reads: 1000 };

function modelOfCells(cells: readonly ReturnType<typeof read>[], calibration: Calibration | null = calibrated()) {
  return modelOf(compare(runOf(cells, { calibration })));
}

describe("a prediction is counts times unit costs", () => {
  test.each([
    // fio itself, one system call, the read of a cached page, 4096 bytes copied.
    ["native", {}, 30 + 100 + 500 + 409.6],
    ["passthrough", { daemonCalls: {}, switches: [0, 0], reads: 0 }, 30 + 100 + 500 + 409.6],
    // The round trip, one system call beyond it, the read of a cached page, 4096 bytes copied.
    ["fuse", throughDevice, 15_000 + 100 + 500 + 409.6],
    ["another", throughRing, 14_000 + 500 + 409.6],
  ] as const)("%s", (backend, counts, ns) => {
    const { predictions } = modelOfCells([read("native", 1, {}), read(backend, 20, counts)])!;
    expect(predictions.find(({ row }) => row.backend === backend)!.predictedUs.median).toBeCloseTo(ns / 1000, 6);
  });

  test("what a round trip takes beyond calls, switches and copies is FUSE's own, shared out by CPU time", () => {
    const { parts } = modelOfCells([read("fuse", 20, throughDevice)])!.predictions[0]!;
    const own = 15_000 - 30 - 3 * 100 - 2 * 2000 - 2 * 40.96;
    expect(parts).toMatchObject({ wakeUp: 2000, wayBack: 2000, call: 130 });
    expect(parts.applicationFuse).toBeCloseTo(own / 3, 6);
    expect(parts.daemonFuse).toBeCloseTo((own * 2) / 3, 6);
  });

  test.each([
    ["one to an idle core, one on the same", { application: 1, daemon: 1, idle: 1 }, 7000],
    ["both to idle cores, and more cores idle than were handed to", { application: 1, daemon: 1, idle: 2.5 }, 14_000],
    ["a worker woken in vain, on the same core", { application: 1, daemon: 2, idle: 0 }, 2000],
    ["a worker woken in vain, on an idle core", { application: 1, daemon: 2, idle: 1 }, 3000],
    ["the same, and one to an idle core that was waited for", { application: 1, daemon: 2, idle: 2 }, 10_000],
  ])("of the timed samples' own handoffs: %s", (_, handed, beyondNs) => {
    const [alike, other] = [undefined, handed].map((hands) => modelOfCells([read("fuse", 20, throughDevice, {}, hands)])!);
    const [a, b] = [alike, other].map((model) => model!.predictions[0]!.predictedUs.median);
    expect(b! - a!).toBeCloseTo(beyondNs / 1000, 6);
  });

  test("a host without cpuidle: the counted run's switches to the idle task", () => {
    const cell = read("fuse", 20, throughDevice);
    for (const sample of cell.samples) figuresOf(sample).idleEntries = null;
    figuresOf(cell.counts[0]!).switchesToIdle = { application: 1000, daemon: 0 };
    expect(modelOfCells([cell])!.predictions[0]!.parts).toMatchObject({ wakeUp: 5500, wayBack: 5500 });
  });

  test("no time of the run has a say in it", () => {
    const [slow, fast] = [1000, 1].map((us) => modelOfCells([read("fuse", us, throughDevice)])!.predictions[0]!);
    expect(slow!.predictedUs).toEqual(fast!.predictedUs);
  });

  test("a cold read has its device's time", () => {
    const cell = read("native", 90, { switches: [1000, null] }, { cache: "cold" });
    for (const sample of cell.samples) figuresOf(sample).deviceReads = { requests: 1000, seconds: 0.08 };
    const [prediction] = modelOfCells([cell])!.predictions;
    expect(prediction!.parts).toMatchObject({ device: 80_000, wayBack: 9000 });
  });
});

test.each([
  ["a unit is missing", calibrated({ readCall: "no fio" }), throughDevice, /readCall was not measured/],
  ["calls were not counted", calibrated(), { ...throughDevice, daemonCalls: null }, /daemonSyscalls/],
  ["no such round trip", { ...calibrated(), roundTrips: [] }, throughDevice, /no round trip/],
])("no prediction, with its reason, where %s", (_, calibration, counts, reason) => {
  const model = modelOfCells([read("fuse", 20, counts)], calibration)!;
  expect(model.predictions).toEqual([]);
  expect(model.notPredicted[0]!.reason).toMatch(reason);
});

test("a wake-up in vain has its price, or there is no prediction", () => {
  const vain = read("fuse", 20, throughDevice, {}, { application: 1, daemon: 2, idle: 1 });
  const { predictions, notPredicted } = modelOfCells([vain], calibrated({ wakeUpSent: "not measured then" }))!;
  expect([predictions, notPredicted[0]!.reason]).toEqual([[], expect.stringMatching(/wakeUpSent was not measured/)]);
  const oneCore = calibrated({ wakeUpSent: "one CPU", wakeOtherCore: "one CPU" });
  expect(modelOfCells([vain], oneCore)!.predictions).toHaveLength(1);
});

test("no prediction where nobody counted what went to an idle core", () => {
  const cell = read("fuse", 20, throughDevice);
  for (const sample of cell.samples) figuresOf(sample).idleEntries = null;
  expect(modelOfCells([cell])!.notPredicted[0]!.reason).toMatch(/idle cores were not counted/);
});

test.each(["applicationSyscalls", "daemonSyscalls", "applicationSwitches", "daemonSwitches"] as const)(
  "no prediction where the %s of a round trip were not counted",
  (name) => {
    const calibration = calibrated();
    const roundTrips = calibration.roundTrips.map((one) => ({ ...one, [name]: null }));
    for (const cache of ["warm", "cold"] as const) {
      const model = modelOfCells([read("fuse", 20, throughDevice, { cache })], { ...calibration, roundTrips })!;
      expect(model).toMatchObject({
        predictions: [],
        notPredicted: [{ reason: "the calls and switches of a round trip were not counted" }],
      });
    }
  },
);

test.each(["applicationCpuNs", "daemonCpuNs"] as const)(
  "without the %s of a round trip its two sides share FUSE's work alike",
  (name) => {
    const calibration = calibrated();
    const roundTrips = calibration.roundTrips.map((one) => ({ ...one, [name]: null }));
    const [prediction] = modelOfCells([read("fuse", 20, throughDevice)], { ...calibration, roundTrips })!.predictions;
    expect(prediction!.parts.applicationFuse).toBeCloseTo(prediction!.parts.daemonFuse, 9);
    expect(prediction!.parts.applicationFuse).toBeGreaterThan(1000);
  },
);

test("page faults have their price, on both sides", () => {
  const plain = read("fuse", 20, throughDevice);
  const faulty = read("fuse", 20, throughDevice);
  figuresOf(faulty.counts[0]!).userPageFaults = { application: 2000, daemon: 3000 };
  const [a, b] = [plain, faulty].map((cell) => modelOfCells([cell])!.predictions[0]!.parts);
  expect(b!.call - a!.call).toBeCloseTo(2 * 1000, 6);
  expect(b!.daemonCalls - a!.daemonCalls).toBeCloseTo(3 * 1000, 6);
});

test.each(["application", "daemon"] as const)("no prediction where the switches of the %s were not counted", (party) => {
  const cell = read("fuse", 20, throughDevice);
  for (const sample of cell.samples) figuresOf(sample).contextSwitches[party] = null;
  expect(modelOfCells([cell])!.notPredicted[0]!.reason).toMatch(/handoffs/);
});

test("native has no daemon whose switches could be missing", () => {
  const cell = read("native", 1, {});
  for (const sample of cell.samples) figuresOf(sample).contextSwitches.daemon = null;
  expect(modelOfCells([cell])!.predictions).toHaveLength(1);
});

test("a host of one core wakes no other: a wake-up in vain is a switch there, and needs no price of its own", () => {
  const hands = { application: 1, daemon: 2, idle: 0 };
  const without = calibrated({ wakeUpSent: "not measured then" });
  // Nobody was woken on an idle core: the missing price has no part in it.
  expect(modelOfCells([read("fuse", 20, throughDevice, {}, hands)], without)!.predictions).toHaveLength(1);
});

test("no prediction of a cold read whose device was not timed, nor of a cell without a sample", () => {
  const cold = read("native", 90, { switches: [1000, null] }, { cache: "cold" });
  expect(modelOfCells([cold])!.notPredicted[0]!.reason).toBe("the device's time was not measured");
  const none = read("fuse", 20, throughDevice, { samples: [] });
  const { predictions, notPredicted } = modelOfCells([read("native", 1, {}), none])!;
  expect(predictions.map(({ row }) => row.backend)).toEqual(["native"]);
  expect(notPredicted).toEqual([
    expect.objectContaining({ reason: "no sample", row: expect.objectContaining({ backend: "fuse" }) }),
  ]);
});

test("no prediction of native measured again", () => {
  expect(modelOfCells([read("native", 1, {}), read("native-again", 1, {})])!.predictions.map(({ row }) => row.backend)).toEqual([
    "native",
  ]);
});

test("the application's part is fio's own, its calls and its faults", () => {
  const { parts } = modelOfCells([read("native", 1, { applicationFaults: 500 })])!.predictions[0]!;
  expect(parts.call).toBeCloseTo(30 + 100 + 500 + 500, 6);
});

test("a round trip's own work leaves out the load generator's", () => {
  const own = (loadGenerator: number) => {
    const { parts } = modelOfCells([read("fuse", 20, throughDevice)], calibrated({ loadGenerator }))!.predictions[0]!;
    return parts.applicationFuse + parts.daemonFuse;
  };
  expect(own(30) - own(130)).toBeCloseTo(100, 6);
});

test("the table: measured, predicted and each part in microseconds, and the cells that are not predicted", () => {
  const model = modelOfCells([
    read("native", 1, {}),
    read("fuse", 20, throughDevice),
    read("passthrough", 1, { daemonCalls: null }),
  ])!;
  const [table] = modelTables(model);
  expect(table!.grid[0]!.slice(2)).toEqual(["measured us", "predicted us", "explained %", ...Object.values(PARTS)]);
  expect(table!.align).toEqual(["l", "l", ...new Array(11).fill("r")]);
  const [native, fuse, ...others] = table!.grid.slice(1);
  expect(others).toEqual([]);
  expect(native).toEqual([
    "rnd-rd-1th-1f 4 KiB warm",
    "native",
    "1.00 [1.00, 1.00]",
    "1.04 [0.936, 1.14]",
    "104.0",
    "0.630",
    "-",
    "-",
    "-",
    "-",
    "0.410",
    "-",
    "-",
  ]);
  expect(fuse!.slice(5)).toEqual(["0.130", "3.53", "2.00", "7.06", "0.800", "0.492", "2.00", "-"]);
  expect(table!.notes.slice(4)).toEqual([expect.stringMatching(/^not predicted: passthrough rnd-rd-1th-1f 4 KiB warm: daemon/)]);
  expect(table!.notes.slice(0, 4).every((note) => note.length > 20)).toBe(true);
  expect(modelTables(null)).toEqual([]);
  expect(modelTables({ predictions: [], notPredicted: model.notPredicted })).toEqual([]);
});

test("sequential reads overlap with readahead: a sum of times does not predict them", () => {
  for (const workload of ["seq-rd-1th-1f", "rnd-rd-32th-1f", "my-rnd-rd-1th-1f"]) {
    expect(modelOfCells([read("fuse", 20, throughDevice, { workload })])!.predictions).toEqual([]);
  }
});

test("the report shows predicted beside measured, and a chart; without a calibration neither", () => {
  const run = runOf([read("native", 1, {}), read("fuse", 20, throughDevice)], { calibration: calibrated() });
  const table = reportTables(compare(run)).find(({ title }) => title === "Where the time goes")!;
  expect(table.grid[2]).toEqual(expect.arrayContaining(["fuse", "20.0 [20.0, 20.0]", "16.0 [14.4, 17.6]", "80.0"]));
  expect(reportCharts(compare(run)).map(({ name }) => name)).toContain("model-rnd-rd-1th-1f-warm-4096");
  expect(cellRecords(compare(run))[1]).toMatchObject({
    predicted_us: expect.closeTo(16.0, 1),
    predicted_by_measured: expect.closeTo(0.8, 2),
  });
  const without = compare({ ...run, calibration: null });
  expect(reportTables(without).map(({ title }) => title)).not.toContain("Where the time goes");
  expect(reportCharts(without).filter(({ name }) => name.startsWith("model"))).toEqual([]);
});

test("a block that was measured far from the others does not set the chart's axis", () => {
  const fuse = read("fuse", 20, throughDevice);
  figuresOf(fuse.samples[2]!).latencyNs.mean = 900_000;
  const run = runOf([read("native", 1, {}), fuse], { calibration: calibrated() });
  const { options } = reportCharts(compare(run)).find(({ name }) => name.startsWith("model"))!.config;
  expect((options!.scales!.y as { suggestedMax: number }).suggestedMax).toBeLessThan(35);
  const first = (options!.plugins!.annotations as Annotations).slots[1]!;
  expect(first.whisker).toMatchObject({ low: 20, ends: "cap and arrow" });
  expect(first.above!.lines).toEqual(["20.0 us", "80.0 %", "to 900 us"]);
});

test("the table of units has a line a unit, and says why one is missing", () => {
  const { grid, notes } = unitTable(calibrated({ wakeOtherCore: "this host has one CPU" }));
  expect(grid).toHaveLength(1 + unitName.options.length);
  expect(grid[1]).toEqual(expect.arrayContaining(["system call", "100", "[90.0, 110]"]));
  expect(grid[0]).toEqual(["unit", "ns", "interval", "n", "how"]);
  const missing = grid.find(([unit]) => unit === "wake-up of another core")!;
  expect(missing.slice(1)).toEqual(["n/a", "", "0", expect.any(String)]);
  expect(notes).toEqual(["n/a: wake-up of another core: this host has one CPU"]);
});
