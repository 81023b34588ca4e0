import { describe, expect, test } from "vitest";
import { priceList, wonBack } from "../../../reports/prices/price-list.js";
import { priceRecords } from "../../../reports/prices/price-records.js";
import { isOff, type PriceRow, priceRows } from "../../../reports/prices/price-rows.js";
import { priceListTable, windowTable, wonBackTable } from "../../../reports/prices/price-tables.js";
import { AS_FOUND, type Cell, type CountedFigures, type TimedFigures } from "../../../results/index.js";
import { cellOf, counted, failed, runOf, timed } from "../run-of.js";

const GIB = 2 ** 30;
const free = { usdPerCoreHour: null, wattsPerCore: null };
const off = { ...AS_FOUND, mountKiB: 0 };

interface Costs {
  readonly requests?: number | null;
  readonly timed?: readonly Partial<TimedFigures>[];
  readonly counted?: readonly Partial<CountedFigures>[];
}

/** A cell of 1000 reads of 4 KiB: a GiB is 262,144 reads. */
function cell(backend: string, change: Partial<Omit<Cell, "readahead">> & Pick<Cell, "readahead">, costs: Costs = {}): Cell {
  const { requests = 1000, timed: times = [{}], counted: counts = [{}] } = costs;
  return cellOf(backend, {
    workload: "seq-rd-1th-1f",
    samples: times.map((figures, block) => timed(block, 10, 4096, figures)),
    counts: counts.map((figures, block) =>
      counted(block, { daemonCalls: { read: 3000 }, switches: [1000, 1000], reads: requests }, 1000, figures),
    ),
    ...change,
  });
}

const rowOf = (one: Cell): PriceRow => priceRows(runOf([one]))[0]!;

describe("bytes that nobody asked for", () => {
  const asked = 1000 * 4096;
  const cached = (mount: number | null, source: number | null) => ({ cachedBytes: { mount, source } });

  test("are the cached bytes beyond those that were read, per GiB: the median over samples that know them", () => {
    const row = rowOf(
      cell(
        "fuse",
        {},
        {
          timed: [
            cached(asked * 1.5, asked * 3),
            cached(asked * 2, asked * 3),
            cached(asked * 1.5, asked * 3),
            { cachedBytes: null },
          ],
        },
      ),
    );
    expect(row.unaskedOfDaemon).toBeCloseTo(GIB / 2, 3);
    expect(row.unaskedOfMedium).toBeCloseTo(2 * GIB, 3);
  });

  test("are none where less was cached than was read, and not known where the caches are not", () => {
    expect(rowOf(cell("fuse", {}, { timed: [cached(asked / 2, null)] }))).toMatchObject({
      unaskedOfDaemon: 0,
      unaskedOfMedium: null,
    });
    expect(rowOf(cell("fuse", {}))).toMatchObject({ unaskedOfDaemon: null, unaskedOfMedium: null });
  });

  test("of a daemon are not native's", () => {
    const row = rowOf(cell("native", {}, { timed: [cached(asked * 2, asked * 2)] }));
    expect(row.unaskedOfDaemon).toBeNull();
    expect(row.unaskedOfMedium).toBeCloseTo(GIB, 3);
  });
});

describe("the size of a READ", () => {
  const cachedAll = { timed: [{ cachedBytes: { mount: 1000 * 4096, source: null } }] };
  test("is the cached bytes by the requests", () => {
    expect(rowOf(cell("fuse", {}, { ...cachedAll, requests: 250 })).requestBytes).toBeCloseTo(16384, 6);
  });
  test("is not known without requests, without the cache, and where the daemon pushes", () => {
    expect(rowOf(cell("fuse", {}, { ...cachedAll, requests: 0 })).requestBytes).toBeNull();
    expect(rowOf(cell("fuse", {}, { ...cachedAll, requests: null })).requestBytes).toBeNull();
    expect(rowOf(cell("fuse", {}, { requests: 250 })).requestBytes).toBeNull();
    expect(rowOf(cell("daemon-readahead", {}, { ...cachedAll, requests: 250 })).requestBytes).toBeNull();
    expect(rowOf(cell("native", {}, cachedAll))).toMatchObject({ requests: null, requestBytes: null, requestSizes: null });
  });
});

test("the sizes of answers are shares of all runs, from one in a hundred on, the most frequent first", () => {
  const sizes = [
    { answersBySize: { 4096: 10, 131072: 900, 512: 1 } },
    { answersBySize: { 131072: 1079, 4096: 10 } },
    { answersBySize: null },
  ];
  const shares = rowOf(cell("fuse", {}, { counted: sizes })).requestSizes!;
  expect(shares).toEqual({ 131072: 0.9895, 4096: 0.01 });
  expect(rowOf(cell("fuse", {})).requestSizes).toBeNull();
});

test("times and energy are per GiB, by block; rates as they are", () => {
  const row = rowOf(
    cell(
      "fuse",
      {},
      {
        timed: [
          { energyJoules: 8, cpuSeconds: { application: 0.5, daemon: 1.5 }, countedOperations: 1000 },
          { energyJoules: null },
        ],
      },
    ),
  );
  expect(row.joules).toEqual([{ block: 0, value: expect.closeTo((8 * GIB) / (1000 * 4096), 6) }]);
  expect(row.cpuSeconds).toEqual([{ block: 0, value: expect.closeTo((2 * 262144) / 1000, 6) }]);
  // 1000 reads of 10 us: 10 ms for 4,096,000 bytes.
  expect(row.wallSeconds[0]!.value).toBeCloseTo((0.01 * GIB) / 4_096_000, 6);
  expect(row.mebibytesPerSecond!.median).toBeCloseTo(4_096_000 / 0.01 / 2 ** 20, 6);
  expect(row.p99LatencyUs!.median).toBeCloseTo(20, 9);
});

test("a row without a counted run has no counts", () => {
  expect(rowOf(cell("fuse", { counts: [failed(counted(0, {}), "why")] }))).toMatchObject({
    requests: null,
    transitions: null,
    switches: null,
    amplification: null,
  });
});

describe("amplification", () => {
  const amplifications = (...cells: readonly Cell[]) => priceRows(runOf(cells)).map(({ amplification }) => amplification);
  test("is by the same backend's requests, for the same reads, with the window as found", () => {
    const slow = cell("fuse", { readahead: off }, { requests: 8000 });
    expect(amplifications(cell("fuse", {}), slow)).toEqual([1, 8]);
    expect(amplifications(cell("another", {}), slow)).toEqual([1, null]);
    expect(amplifications(cell("fuse", { workload: "rnd-rd-1th-1f" }), slow)).toContain(null);
    expect(amplifications(cell("fuse", {}, { requests: 0 }), slow)).toEqual([null, null]);
    expect(amplifications(cell("fuse", {}), cell("fuse", { readahead: off }, { requests: null }))).toEqual([1, null]);
  });
});

describe("the order of the rows", () => {
  test("is that of the request: workload, cache state, I/O size, backend, window", () => {
    const settings = [AS_FOUND, off];
    const cells = ["seq-rd-1th-1f", "rnd-rd-1th-1f"].flatMap((workload) =>
      (["warm", "cold"] as const).flatMap((cache) =>
        [4096, 131072].flatMap((ioSizeBytes) =>
          ["fuse", "native"].flatMap((backend) =>
            settings.map((readahead) => cell(backend, { workload, cache, ioSizeBytes, readahead })),
          ),
        ),
      ),
    );
    const run = runOf(cells);
    const shuffled = { ...run, request: { ...run.request, readahead: settings }, cells: cells.toReversed() };
    const keyOf = ({ workload, cache, ioSizeBytes, backend }: Cell | PriceRow) => [workload, cache, ioSizeBytes, backend];
    expect(priceRows(shuffled).map((row) => [...keyOf(row), row.setting])).toEqual(
      cells.map((one) => [...keyOf(one), one.readahead]),
    );
  });

  test("keeps rows that stand alike as they came, also without settings in the request", () => {
    expect(priceRows(runOf([cell("fuse", { readahead: off }), cell("fuse", {})])).map(({ setting }) => setting.mountKiB)).toEqual(
      [0, null],
    );
  });
});

test("readahead is not off where INIT set a window, or the reads go through a mapping", () => {
  const row = (setting: Partial<PriceRow["setting"]>) => ({ ...rowOf(cell("fuse", {})), setting: { ...off, ...setting } });
  expect(isOff(row({}))).toBe(true);
  expect(isOff(row({ initKiB: 0 }))).toBe(false);
  expect(isOff(row({ access: "mmap" }))).toBe(false);
});

describe("the price list", () => {
  const slow = cell("fuse", { readahead: off }, { requests: 8000 });
  test("holds a backend against itself, for the same reads", () => {
    const cells = [cell("another", {}), cell("fuse", { ioSizeBytes: 131072 }), slow, cell("fuse", {})];
    const [price, ...others] = priceList(priceRows(runOf(cells)), free);
    expect(others).toEqual([]);
    expect(price).toMatchObject({ backend: "fuse", against: { backend: "fuse", ioSizeBytes: 4096 } });
  });

  test("takes differences only of blocks that both have; without one there is no price", () => {
    const late = cell("fuse", { readahead: off, samples: [timed(5, 30)] });
    expect(priceList(priceRows(runOf([cell("fuse", {}), late])), { usdPerCoreHour: 1, wattsPerCore: 1 })[0]).toMatchObject({
      cpuSeconds: null,
      wallSeconds: null,
      usd: null,
      joules: null,
    });
  });

  test("has no count that either side lacks", () => {
    const blind = cell("fuse", {}, { requests: null });
    expect(priceList(priceRows(runOf([blind, slow])), free)[0]!.requests).toBeNull();
  });
});

describe("the part that a daemon's readahead wins back", () => {
  const pushed = cell("daemon-readahead", {}, { requests: 2000 });
  const slow = cell("fuse", { readahead: off }, { requests: 9000 });
  const found = cell("fuse", {});
  const sharesOf = (...cells: readonly Cell[]) => wonBack(priceRows(runOf(cells)));
  test("is held against fuse, for the same reads, with the window as found and off", () => {
    const distractors = [cell("another", {}), cell("another", { readahead: off }), cell("fuse", { workload: "rnd-rd-1th-1f" })];
    const [won, ...others] = sharesOf(...distractors, pushed, slow, found);
    expect(others).toEqual([]);
    expect(won).toMatchObject({
      pushed: { backend: "daemon-readahead" },
      found: { backend: "fuse" },
      off: { setting: { mountKiB: 0 } },
    });
    expect(won!.requests).toBeCloseTo(7 / 8, 9);
    // The other figures are the same with readahead off: nothing to win.
    expect(won).toMatchObject({ transitions: null, wallSeconds: null, cpuSeconds: null });
  });

  test("is not told where one of the two is missing", () => {
    expect(sharesOf(pushed, slow)).toEqual([]);
    expect(sharesOf(pushed, found)).toEqual([]);
    expect(sharesOf(pushed, found, cell("fuse", { readahead: { ...off, deviceKiB: 0 } }))).toEqual([]);
  });

  test.each([
    { what: "off costs five percent more: too little", requests: [1050, 1000, 1000], share: null },
    { what: "off costs a little more than that", requests: [1060, 1030, 1000], share: 0.5 },
    { what: "not counted when off", requests: [null, 1000, 1000], share: null },
    { what: "not counted when pushed", requests: [2000, null, 1000], share: null },
    { what: "not counted as found", requests: [2000, 1500, null], share: null },
  ])("$what: $share", ({ requests, share }) => {
    const [whenOff, whenPushed, asFound] = requests as (number | null)[];
    const [won] = sharesOf(
      cell("daemon-readahead", {}, { requests: whenPushed! }),
      cell("fuse", { readahead: off }, { requests: whenOff! }),
      cell("fuse", {}, { requests: asFound! }),
    );
    if (share === null) expect(won!.requests).toBeNull();
    else expect(won!.requests).toBeCloseTo(share, 9);
  });

  test("of times is told by medians, and not where there are no samples", () => {
    const times = (us: readonly number[]) => ({ samples: us.map((mean, block) => timed(block, mean)) });
    const [won] = sharesOf(
      cell("daemon-readahead", times([20, 20, 90])),
      cell("fuse", { readahead: off, ...times([40, 1, 40]) }),
      cell("fuse", times([10, 10, 11])),
    );
    expect(won!.wallSeconds).toBeCloseTo(2 / 3, 9);
    expect(sharesOf(cell("daemon-readahead", { samples: [] }), slow, found)[0]!.wallSeconds).toBeNull();
  });
});

test("records have an empty field where there is nothing to tell", () => {
  const run = runOf([
    cell("native", { samples: [], counts: [] }),
    cell("fuse", {}),
    cell("fuse", { readahead: off }),
    cell("daemon-readahead", {}),
  ]);
  const { windows, prices, wonBack: won } = priceRecords(run, free);
  expect(windows[0]).toEqual({
    workload: "seq-rd-1th-1f",
    io_size_bytes: 4096,
    cache: "warm",
    backend: "native",
    readahead: "as found",
    mount_readahead_kib: null,
    device_readahead_kib: 8192,
    read_requests_per_gib: null,
    mean_request_bytes: null,
    requests_by_as_found: null,
    ...Object.fromEntries(["crossings_per_gib", "context_switches_per_gib"].map((name) => [name, null])),
    ...Object.fromEntries(
      ["cpu_seconds_per_gib", "wall_seconds_per_gib", "mebibytes_per_second", "p99_latency_us"].flatMap((name) =>
        ["", "_low", "_high"].map((end) => [name + end, null]),
      ),
    ),
    unasked_of_daemon_bytes_per_gib: null,
    unasked_of_medium_bytes_per_gib: null,
  });
  expect(windows[1]).toMatchObject({ mount_readahead_kib: 128, read_requests_per_gib: 262144, requests_by_as_found: 1 });
  const [wall] = priceRows(run)[1]!.wallSeconds;
  expect(windows[1]).toMatchObject({
    wall_seconds_per_gib: wall!.value,
    wall_seconds_per_gib_low: wall!.value,
    wall_seconds_per_gib_high: wall!.value,
  });
  expect(prices).toHaveLength(1);
  expect(won).toEqual([expect.objectContaining({ backend: "daemon-readahead", readahead: "as found", requests: null })]);
});

describe("the tables", () => {
  const run = runOf([
    cell("native", {}),
    cell("fuse", {}, { timed: [{ cachedBytes: { mount: 8_192_000, source: null } }, {}] }),
    cell(
      "fuse",
      { readahead: off, samples: [timed(0, 30), timed(1, 31)] },
      { requests: 8000, counted: [{ answersBySize: { 4096: 3, 131072: 97 } }] },
    ),
    cell("passthrough", { deviceReadaheadKiB: null, readaheadKiB: null, counts: [], samples: [] }),
  ]);
  const rows = priceRows(run);

  test("of prices: signs, intervals, and the money that was asked for", () => {
    const rates = { usdPerCoreHour: 36, wattsPerCore: 10 };
    const { title, grid, align, notes } = priceListTable(priceList(rows, rates), rates);
    expect(title).toBe("What readahead being off costs a GiB");
    expect(grid[0]!.slice(-2)).toEqual(["USD", "J"]);
    expect(grid[1]!.slice(0, 6)).toEqual(["seq-rd-1th-1f 4 KiB warm", "fuse", "mount off", "+1,835,008", "0", "0"]);
    expect(grid[1]!.slice(6)).toEqual(["n/a", "+5.37 [5.24, 5.51]", "n/a", "n/a"]);
    expect(align).toEqual(["l", "l", "l", "r", "r", "r", "r", "r", "r", "r"]);
    expect(notes).toHaveLength(4);
    const bare = priceListTable(priceList(rows, free), free);
    expect(bare.grid[0]).toHaveLength(8);
    expect(bare.grid[1]).toHaveLength(8);
    expect(bare.notes).toHaveLength(2);
  });

  test("of prices: a gain has a minus, a trifle is 0, a single block has no interval", () => {
    const [price] = priceList(rows, free);
    const one = { median: -0.25, interval: { low: -0.25, high: -0.25, coverage: 0, reaches95: false }, n: 1 };
    const shown = {
      ...price!,
      requests: -1234.4,
      transitions: null,
      switches: -0.2,
      cpuSeconds: one,
      wallSeconds: { ...one, median: 0.0004 },
      usd: 1.5,
      joules: 123.4,
    };
    const { grid } = priceListTable([shown], { usdPerCoreHour: 1, wattsPerCore: 1 });
    expect(grid[1]!.slice(3)).toEqual(["-1,234", "-", "0", "-0.250", "+0", "1.50", "123"]);
    expect(priceListTable([{ ...shown, wallSeconds: { ...one, median: 0.0005 } }], free).grid[1]!.at(-1)).toBe("+0.000500");
  });

  test("of what is won back: shares in percent, and nothing without lines", () => {
    expect(wonBackTable([])).toBeNull();
    const [found, slow] = [rows[1]!, rows[2]!];
    const line = { off: slow, pushed: found, found, requests: 0.5, transitions: null, cpuSeconds: -0.25, wallSeconds: 1 };
    const { grid, align, notes } = wonBackTable([line])!;
    expect(grid[1]).toEqual(["seq-rd-1th-1f 4 KiB warm", "2,097,152", "262,144", "262,144", "50.0", "-", "-25.00", "100.0"]);
    expect(align).toEqual(["l", "r", "r", "r", "r", "r", "r", "r"]);
    expect(notes).toHaveLength(2);
  });

  test("of windows: every cell, and further columns where there is room", () => {
    const narrow = windowTable(rows, false);
    const wide = windowTable(rows, true);
    expect(narrow.align.filter((side) => side === "l")).toHaveLength(3);
    expect(narrow.notes).toHaveLength(1);
    expect(wide.notes).toHaveLength(2);
    expect(narrow.grid[0]).toEqual([
      "reads",
      "backend",
      "readahead",
      "READs",
      "amplif.",
      "transitions",
      "switches",
      "CPU s",
      "MiB/s",
      "p99 us",
    ]);
    expect(narrow.grid).toEqual(wide.grid.map((line) => line.slice(0, 10)));
    expect(wide.grid.map((line) => line.slice(1))).toEqual([
      [
        "backend",
        "readahead",
        "READs",
        "amplif.",
        "transitions",
        "switches",
        "CPU s",
        "MiB/s",
        "p99 us",
        "size of a READ",
        "answers by size",
        "unasked, daemon",
        "unasked, medium",
        "mount KiB",
        "device KiB",
      ],
      ["native", "as found", "-", "-", "262,144", "262,144", "0.524", "391", "20.0", "-", "-", "-", "-", "-", "8192"],
      [
        "fuse",
        "as found",
        "262,144",
        "1.00x",
        "1,048,576",
        "524,288",
        "n/a",
        "391",
        "20.0",
        "8 KiB",
        "-",
        "1 GiB",
        "-",
        "128",
        "8192",
      ],
      [
        "fuse",
        "mount off",
        "2,097,152",
        "8.00x",
        "1,048,576",
        "524,288",
        "n/a",
        expect.any(String),
        "61.0",
        "-",
        "128 KiB 97.0 %, 4 KiB 3.00 %",
        "-",
        "-",
        "128",
        "8192",
      ],
      ["passthrough", "as found", "-", "-", "-", "-", "n/a", "n/a", "n/a", "-", "-", "-", "-", "n/a", "n/a"],
    ]);
  });
});
