import { describe, expect, test } from "vitest";
import { windowCharts } from "../../../reports/charts/windows.js";
import { pricePage } from "../../../reports/pages/price-page.js";
import { priceList, wonBack } from "../../../reports/prices/price-list.js";
import { priceCsv, priceRecords } from "../../../reports/prices/price-records.js";
import { isOff, type PriceRow, priceRows } from "../../../reports/prices/price-rows.js";
import { settingLabel } from "../../../reports/prices/setting-label.js";
import type { Cell, ReadaheadSetting, Run } from "../../../results/index.js";
import { type CountedCosts, cellOf, counted, runOf, timed } from "../run-of.js";

const found: ReadaheadSetting = { mountKiB: null, initKiB: null, deviceKiB: null, access: "read", advice: "none" };
const free = { usdPerCoreHour: null, wattsPerCore: null };

/** Samples of 1000 reads of 4 KiB in a GiB: 262.144. */
const PER_GIB = 2 ** 30 / (1000 * 4096);

/** A cell with the given microseconds per read and the given CPU seconds of both parties together. */
function cell(
  backend: string,
  setting: ReadaheadSetting,
  meanUs: readonly number[],
  counts: CountedCosts,
  cpu: readonly number[],
): Cell {
  const samples = meanUs.map((us, block) => {
    const cpuSeconds = { application: cpu[block]! / 2, daemon: cpu[block]! / 2 };
    return timed(block, us, 4096, { countedOperations: 1000, cpuSeconds, systemCpuSeconds: null });
  });
  const readaheadKiB = setting.mountKiB ?? 128;
  return cellOf(backend, { workload: "seq-rd-1th-1f", readahead: setting, readaheadKiB, samples, counts: [counted(0, counts)] });
}

const off = { ...found, mountKiB: 0 };
const calls = (perRead: number) => ({ read: perRead * 1000 });
const asFound = cell("fuse", found, [2, 4], { daemonCalls: calls(0.1), switches: [30, 30], reads: 31 }, [0.002, 0.004]);
const without = cell("fuse", off, [22, 34], { daemonCalls: calls(3), switches: [1000, 1000], reads: 992 }, [0.022, 0.044]);
const pushed = cell(
  "daemon-readahead",
  found,
  [7, 9],
  { daemonCalls: calls(0.5), switches: [100, 100], reads: 248 },
  [0.007, 0.014],
);

function runWith(cells: readonly Cell[]): Run {
  const run = runOf(cells);
  const kinds = { fuse: "fuse", "daemon-readahead": "fuse", native: "native", passthrough: "passthrough" } as const;
  const backends = run.backends.map((backend) => ({ ...backend, kind: kinds[backend.name as keyof typeof kinds] }));
  return { ...run, backends, request: { ...run.request, readahead: [found, off] } };
}

const run = runWith([asFound, without, pushed]);
const rows = priceRows(run);

test("a row is what a GiB takes", () => {
  const row = rows.find(({ setting }) => setting.mountKiB === 0)!;
  expect(row.requests).toBeCloseTo(992 * PER_GIB, 6);
  expect(row.transitions).toBeCloseTo((1000 + 3000) * PER_GIB, 6);
  expect(row.switches).toBeCloseTo(2000 * PER_GIB, 6);
  expect(row.amplification).toBeCloseTo(32, 6);
  expect(row.cpuSeconds.map(({ value }) => value)).toEqual([
    expect.closeTo(0.022 * PER_GIB, 9),
    expect.closeTo(0.044 * PER_GIB, 9),
  ]);
  expect(row.wallSeconds[0]!.value).toBeCloseTo(0.022 * PER_GIB, 6);
});

describe("the price list", () => {
  test("is the difference between off and as found, within each block", () => {
    const [price, ...others] = priceList(rows, { usdPerCoreHour: 0.36, wattsPerCore: 5 });
    expect(others).toEqual([]);
    expect(price!.requests).toBeCloseTo((992 - 31) * PER_GIB, 6);
    expect(price!.transitions).toBeCloseTo((4000 - 1100) * PER_GIB, 6);
    expect(price!.wallSeconds).toMatchObject({ n: 2, median: expect.closeTo(0.025 * PER_GIB, 6) });
    const cpu = 0.03 * PER_GIB;
    expect(price!.cpuSeconds!.median).toBeCloseTo(cpu, 6);
    expect(price!.usd).toBeCloseTo((cpu / 3600) * 0.36, 9);
    expect(price!.joules).toBeCloseTo(cpu * 5, 6);
  });

  test("has neither money nor joules where nobody gave a rate", () => {
    expect(priceList(rows, free)[0]).toMatchObject({ usd: null, joules: null });
  });

  test("has no line for a backend that was measured one way only", () => {
    expect(priceList(priceRows(runWith([without])), free)).toEqual([]);
  });

  test("a count that is missing makes no price of it", () => {
    const blind = cell("fuse", off, [22], { daemonCalls: null, switches: [0, null], reads: null }, [0.02]);
    const [price] = priceList(priceRows(runWith([asFound, blind])), free);
    expect(price).toMatchObject({ requests: null, transitions: null, switches: null, wallSeconds: { n: 1 } });
  });
});

describe("readahead is off where every window that the reads pass is", () => {
  const row = (kind: PriceRow["kind"], cache: PriceRow["cache"], setting: Partial<ReadaheadSetting>) =>
    ({ ...rows[0]!, kind, cache, setting: { ...found, ...setting } }) satisfies PriceRow;
  test.each([
    ["fuse", "warm", { mountKiB: 0 }, true],
    ["fuse", "warm", {}, false],
    ["fuse", "cold", { mountKiB: 0 }, false],
    ["fuse", "cold", { mountKiB: 0, deviceKiB: 0 }, true],
    ["command", "warm", { mountKiB: 0 }, true],
    ["native", "cold", { deviceKiB: 0 }, true],
    ["passthrough", "cold", { deviceKiB: 0 }, true],
    ["native", "warm", {}, false],
    ["fuse", "warm", { mountKiB: 0, advice: "random" }, false],
    ["fuse", "warm", { initKiB: 0 }, false],
  ] as const)("%s, %s, %j: %s", (kind, cache, setting, expected) => {
    expect(isOff(row(kind, cache, setting))).toBe(expected);
  });
});

test("what the daemon wins back: 0 is as bad as none, 100 as good as the kernel's", () => {
  const [won, ...others] = wonBack(rows);
  expect(others).toEqual([]);
  expect(won!.requests).toBeCloseTo((992 - 248) / (992 - 31), 9);
  expect(won!.transitions).toBeCloseTo((4000 - 1500) / (4000 - 1100), 9);
  expect(won!.wallSeconds).toBeCloseTo((28 - 8) / (28 - 3), 9);
});

test.each([
  [{}, "as found"],
  [{ mountKiB: 0 }, "mount off"],
  [{ deviceKiB: 1024 }, "device 1 MiB"],
  [{ mountKiB: 64, deviceKiB: 64 }, "both 64 KiB"],
  [{ mountKiB: 0, deviceKiB: 64 }, "mount off, device 64 KiB"],
  [{ initKiB: 16 }, "INIT 16 KiB"],
  [{ advice: "random" }, "POSIX_FADV_RANDOM"],
  [{ access: "mmap" }, "mmap"],
  [{ access: "mmap", advice: "random" }, "mmap, MADV_RANDOM"],
] as const)("%j is called %j", (setting, label) => {
  expect(settingLabel({ ...found, ...setting })).toBe(label);
});

test("the page: an answer in words, the list with signs and units, and the money that was asked for", () => {
  const { answer, tables } = pricePage(run, { usdPerCoreHour: 0.36, wattsPerCore: null });
  expect(answer).toEqual([
    "fuse, warm sequential reads of 4 KiB, readahead off: 32.0x the requests; a GiB costs 251,920 requests, 760,218 mode transitions, 7.86 CPU s and 6.55 s more.",
  ]);
  const [prices, won, windows] = tables;
  expect(prices!.grid).toEqual([
    ["reads", "backend", "off", "READs", "transitions", "switches", "CPU s", "wall s", "USD"],
    [
      "seq-rd-1th-1f 4 KiB warm",
      "fuse",
      "mount off",
      "+251,920",
      "+760,218",
      "+508,559",
      "+7.86 [5.24, 10.5]",
      "+6.55 [5.24, 7.86]",
      "0.000786",
    ],
  ]);
  expect(won!.grid[1]!.slice(4)).toEqual(["77.4", "86.2", expect.any(String), "80.0"]);
  expect(windows!.grid.map(([, backend, readahead, reads, times]) => [backend, readahead, reads, times])).toEqual([
    ["backend", "readahead", "READs", "amplif."],
    ["fuse", "as found", "8,126", "1.00x"],
    ["fuse", "mount off", "260,047", "32.0x"],
    ["daemon-readahead", "as found", "65,012", "1.00x"],
  ]);
});

test("--json and the CSV files have the same figures, with units in their names", () => {
  const records = priceRecords(run, free);
  expect(records.windows).toHaveLength(3);
  expect(records.windows[1]).toMatchObject({
    readahead: "mount off",
    mount_readahead_kib: 0,
    requests_by_as_found: expect.closeTo(32, 9),
  });
  expect(records.prices[0]).toMatchObject({ backend: "fuse", readahead: "mount off", against: "as found", usd_per_gib: null });
  const { windows, prices } = priceCsv(run, free);
  expect(windows.split("\n")[0]!.split(",")).toEqual(Object.keys(records.windows[0]!));
  expect(prices.split("\n").filter(Boolean)).toHaveLength(2);
});

test("curves over the mount's window, on a logarithmic axis, from off on", () => {
  const charts = windowCharts(run, rows);
  expect(charts.map(({ name }) => name)).toContain("requests-by-mount-window-seq-rd-1th-1f-4KiB-warm");
  for (const { config } of charts) {
    expect(config.data.labels).toEqual(["off", "128 KiB"]);
    expect(config.options?.scales?.y?.type).toBe("logarithmic");
  }
});
