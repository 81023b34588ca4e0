import { expect, test } from "vitest";
import { reportCharts } from "../../../reports/charts/charts.js";
import { ratioOf } from "../../../reports/claims/judging/cells.js";
import { compare } from "../../../reports/figures/comparison.js";
import { cellsCsv, samplesCsv } from "../../../reports/pages/csv.js";
import { markdownReport } from "../../../reports/pages/markdown.js";
import { reportTables } from "../../../reports/pages/report-tables.js";
import { terminalSummary } from "../../../reports/pages/terminal-summary.js";
import { priceCsv } from "../../../reports/prices/price-records.js";
import { priceRows } from "../../../reports/prices/price-rows.js";
import { resultsGrid } from "../../../reports/tables/index.js";
import { AS_FOUND, type Run } from "../../../results/index.js";
import { parseCsv } from "../parse-csv.js";
import { cellOf, runOf, timed } from "../run-of.js";
import { slicedRun, withSlices } from "../slices-of.js";
import { usualRun } from "../usual-run.js";

const times = { native: 1000, "native-again": 1001, fuse: 33_000, passthrough: 1100, "another-daemon": 28_000 };
const plain = usualRun();
const run = slicedRun(plain, times);
const headerOf = (csv: string) => csv.split("\n")[0]!.split(",");

test("cells.csv has a line a cell and placement, with the columns of slices behind those that it always had", () => {
  const [before, now] = [cellsCsv(compare(plain)), cellsCsv(compare(run))];
  const added = [
    "rounds",
    "failed_rounds",
    "slices",
    "slice_ns_per_io",
    "cpu_by_native",
    "cpu_by_native_low",
    "cpu_by_native_high",
    "placement",
  ];
  expect(headerOf(now)).toEqual([...headerOf(before), ...added]);
  expect(parseCsv(now).lines).toHaveLength(3 * plain.cells.length);
});

test("a line of cells.csv has ratios of its placement, and fio's figures where the scheduler chose the cores", () => {
  const lines = parseCsv(cellsCsv(compare(run))).lines.filter(
    (line) =>
      line.backend === "fuse" && line.workload === "rnd-rd-1th-1f" && line.io_size_bytes === "4096" && line.cache === "warm",
  );
  expect(lines.map(({ placement }) => placement)).toEqual(["one-core", "two-cores", "scheduler"]);
  const [oneCore, , scheduler] = lines;
  expect(Number(oneCore!.throughput_by_native)).toBeCloseTo(1 / 33, 4);
  expect(Number(scheduler!.mean_latency_by_native)).toBeCloseTo(33 * 1.3, 1);
  expect(oneCore).toMatchObject({
    samples: "",
    failed_samples: "",
    mean_latency_us: "",
    daemon_syscalls_per_io: "",
    rounds: "5",
    slices: "15",
  });
  expect(scheduler).toMatchObject({
    samples: "3",
    failed_samples: "0",
    daemon_syscalls_per_io: "3",
    rounds: "5",
    failed_rounds: "0",
  });
  expect(Number(scheduler!.operations_per_second)).toBeGreaterThan(1000);
  expect(samplesCsv(compare(run))).toBe(samplesCsv(compare(plain)));
});

test("the table of speed has a line a cell and a column a placement, within 120 columns of a terminal", () => {
  const [speed] = reportTables(compare(run));
  expect(speed!.grid[0]).toEqual([
    "workload, I/O size, cache",
    "backend",
    "ops/s",
    "% one core",
    "% two cores",
    "% scheduler",
    "class",
    "p99 us",
  ]);
  expect(speed!.grid).toHaveLength(1 + plain.cells.length);
  const line = speed!.grid.find(([cell, backend]) => cell === "rnd-rd-1th-1f 4 KiB warm" && backend === "fuse")!;
  expect(line.slice(3, 7)).toEqual([expect.stringMatching(/^3\.03 ±0\.01$/), "1.89 ±0.01", "2.33 ±0.01", "Red"]);
  const text = terminalSummary(run, null);
  const tableLines = text.split("\n").filter((one) => one.includes(" | "));
  expect(Math.max(...tableLines.map(({ length }) => length))).toBeLessThanOrEqual(120);
});

test("a wide interval is shown by its ends, and a ratio that can't be told from native is marked", () => {
  const cells = [1000, 2600, 500, 2500, 700];
  const wide = withSlices(cellOf("fuse", { samples: [timed(0, 9)] }), 1, 0);
  const slices = wide.slices.map((placed) => ({
    ...placed,
    rounds: placed.rounds.map((round, index) => (round.ok ? { ...round, nsPerOperation: [cells[index]!] } : round)),
  }));
  const native = withSlices(cellOf("native", { samples: [timed(0, 1)] }), 1000, 0);
  const [speed] = reportTables(compare(runOf([native, { ...wide, slices }])));
  expect(speed!.grid[2]![3]).toBe("~84.8 [26.4, 272.8]");
  expect(speed!.grid[1]!.slice(3, 6)).toEqual(["100", "100", "100"]);
});

test("the notes tell the placements, the rounds and the floor of each", () => {
  const { notes } = reportTables(compare(run))[0]!;
  expect(notes[0]).toContain("(n = 5 rounds). one-core: reader and daemon on one core; two-cores:");
  expect(notes.join("\n")).toMatch(
    /noise floor \(native by native again\): one-core within 1\.01x at most, .*; scheduler within/,
  );
  expect(notes.join("\n")).toContain("of the ratio in placement scheduler");
  expect(notes.join("\n")).not.toContain("agree");
  const blocks = plain.cells.map((cell) => ({
    ...cell,
    samples: [0, 1, 2, 3, 4].map((block) => timed(block, times[cell.backend as keyof typeof times] / 1000)),
  }));
  const agreed = reportTables(compare(slicedRun({ ...plain, cells: blocks }, times)))[0]!.notes.join("\n");
  expect(agreed).toMatch(
    /slices \(scheduler\) and fio's blocks \(n = 5\) agree within their intervals in 24 of 48 ratios to native\. They differ for fuse .*; and 21 more\./,
  );
});

test("every chart of ratios is of one placement, and the others are drawn once", () => {
  const names = reportCharts(compare(run)).map(({ name }) => name);
  expect(names.filter((name) => name.includes("rnd-rd-1th-1f-warm"))).toEqual([
    "throughput-rnd-rd-1th-1f-warm-one-core",
    "throughput-rnd-rd-1th-1f-warm-two-cores",
    "throughput-rnd-rd-1th-1f-warm-scheduler",
    "transitions-rnd-rd-1th-1f-warm",
    "cpu-rnd-rd-1th-1f-warm",
    "latency-rnd-rd-1th-1f-warm",
  ]);
  const chart = reportCharts(compare(run)).find(({ name }) => name === "throughput-rnd-rd-1th-1f-warm-two-cores")!;
  expect(chart.title).toContain("reader and daemon on a core each");
  expect(chart.notes[0]).toContain("n = 5 rounds.");
  expect(chart.slots).toBe(12);
});

test("a report with slices has fio's samples in a table of their own, and says how slices are taken", () => {
  const text = markdownReport(compare(run), []);
  expect(text).toContain("## Samples by fio");
  expect(text).toContain(
    "- Rounds were taken until each ratio was known within 2.00 %, or up to the end of the budget.".slice(2),
  );
  expect(text).toContain("scheduler, cores chosen by the scheduler");
  expect(markdownReport(compare(plain), [])).not.toContain("Samples by fio");
});

test("results are compared by slices where all have them, in each placement, or else by fio's blocks", () => {
  const named = (...runs: readonly Run[]) => runs.map((one, index) => ({ name: `run ${index}`, run: one }));
  const bySlices = resultsGrid(named(run, run), "relative latency");
  const lines = bySlices.filter(([name]) => name!.startsWith("rnd-rd-1th-1f 4 KiB warm fuse"));
  expect(lines.map(([name, first]) => [name, first])).toEqual([
    ["rnd-rd-1th-1f 4 KiB warm fuse, one-core", expect.stringMatching(/^33\.0 ±0\.\d %$/)],
    ["rnd-rd-1th-1f 4 KiB warm fuse, two-cores", expect.stringMatching(/^52\.8 ±0\.\d %$/)],
    ["rnd-rd-1th-1f 4 KiB warm fuse, scheduler", expect.stringMatching(/^42\.9 ±0\.\d %$/)],
  ]);
  expect(lines[0]![3]).toBe("~ (p=1.000 n=5+5)");
  expect(resultsGrid(named(plain, run), "relative latency")).toEqual(resultsGrid(named(plain, plain), "relative latency"));
  expect(resultsGrid(named(run), "latency")).toEqual(resultsGrid(named(plain), "latency"));
});

test("a claim about a ratio takes the scheduler's slices, and fio's blocks where there are none", () => {
  const names = [
    { backend: "fuse", pattern: "rnd", cache: "warm" },
    { backend: "native", pattern: "rnd", cache: "warm" },
  ] as const;
  const evidence = (from: Run) => ({ runs: [from], storms: [], trials: {} });
  expect(ratioOf(evidence(run), ...names, "bytesPerSecond")!.median).toBeCloseTo(1 / 42.9, 4);
  expect(ratioOf(evidence(run), ...names, "cpuNsPerOperation")!.median).toBeCloseTo(42.9, 1);
  expect(ratioOf(evidence(run), ...names, "p99LatencyNs")).toEqual(ratioOf(evidence(plain), ...names, "p99LatencyNs"));
  expect(ratioOf(evidence(plain), ...names, "bytesPerSecond")!.median).toBeCloseTo(1 / 35, 2);
  // Turns of another window of the device were taken apart.
  const other = run.cells.map((cell) =>
    cell.backend === "native" ? { ...cell, readahead: { ...AS_FOUND, deviceKiB: 0 } } : cell,
  );
  expect(ratioOf(evidence({ ...run, cells: other }), ...names, "bytesPerSecond")!.median).toBeCloseTo(1 / 35, 2);
});

test("prices take the times of slices where all cells of the same reads have them", () => {
  const cells = run.cells.filter(
    ({ workload, ioSizeBytes, cache }) => workload === "seq-rd-1th-1f" && ioSizeBytes === 4096 && cache === "warm",
  );
  const fuse = (from: Run) => priceRows(from).find(({ backend }) => backend === "fuse")!;
  const priced = fuse({ ...run, cells });
  expect(priced).toMatchObject({ placement: "scheduler", wallSeconds: { length: 5 } });
  expect(priced.wallSeconds[0]!.value).toBeCloseTo((33_000 * 1.3 * 2 ** 18) / 1e9, 1);
  expect(priced.cpuSeconds[0]!.value).toBeCloseTo(priced.wallSeconds[0]!.value / 2, 6);
  const partly = cells.map((cell) => (cell.backend === "passthrough" ? { ...cell, slices: [] } : cell));
  expect(fuse({ ...run, cells: partly })).toEqual(
    fuse({
      ...plain,
      cells: plain.cells.filter(
        (cell) =>
          cells.some(({ backend }) => backend === cell.backend) &&
          cell.workload === "seq-rd-1th-1f" &&
          cell.ioSizeBytes === 4096 &&
          cell.cache === "warm",
      ),
    }),
  );
  const free = { usdPerCoreHour: null, wattsPerCore: null };
  expect(headerOf(priceCsv({ ...run, cells }, free).windows).at(-1)).toBe("placement");
  expect(headerOf(priceCsv(plain, free).windows)).not.toContain("placement");
});
