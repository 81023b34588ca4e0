import { expect, test } from "vitest";
import { compare } from "../../../reports/figures/comparison.js";
import { cellRecords, cellsCsv, samplesCsv } from "../../../reports/pages/csv.js";
import { parseCsv } from "../parse-csv.js";
import { cellOf, counted, failed, runOf, timed } from "../run-of.js";

const parse = (text: string) => parseCsv(text).lines;

const why = 'fio said "no space", and ended,\nat once';
const run = runOf([
  cellOf("native", { samples: [timed(0, 1), timed(1, 2), timed(2, 1)], counts: [counted(0, {})] }),
  cellOf("fuse", {
    samples: [timed(0, 4), failed(timed(1, 1), why), timed(2, 4)],
    counts: [counted(0, { daemonCalls: { read: 1500, writev: 1000 }, switches: [900, 800], reads: 1000 })],
  }),
]);

test("cells.csv: a line a cell, a unit in every name, an empty field where there is no figure", () => {
  const [native, fuse] = parse(cellsCsv(compare(run)));
  expect(native).toMatchObject({ backend: "native", samples: "3", throughput_by_native: "", daemon_syscalls_per_io: "" });
  expect(fuse).toMatchObject({
    backend: "fuse",
    workload: "rnd-rd-1th-1f",
    io_size_bytes: "4096",
    cache: "warm",
    samples: "2",
    failed_samples: "1",
    operations_per_second: "250000",
    throughput_by_native: "0.25",
    differs_from_native: "true",
    paper_class: "Red",
    mean_latency_us: "4",
    p99_latency_us: "8",
    daemon_syscalls_per_io: "2.5",
    application_context_switches_per_io: "0.9",
    daemon_context_switches_per_io: "0.8",
    read_requests_per_io: "1",
    cpu_us_per_io: "",
    daemon_syscalls_per_io_by_name: "read=1.5 writev=1",
  });
  // 219.8 by 243.3 operations per second in the published raw results.
  expect(Number(fuse!.fast17_hdd_stackfs_base_throughput_by_native)).toBeCloseTo(0.9034, 4);
});

test("the same records for programs: null where there is no figure", () => {
  expect(cellRecords(compare(run))[1]).toMatchObject({ throughput_by_native: 0.25, cpu_us_per_io: null, paper_class: "Red" });
});

test("samples.csv: a line a sample, timed and counted, with the failure as it was said", () => {
  const lines = parse(samplesCsv(compare(run)));
  expect(lines.map(({ backend, kind, block }) => `${backend} ${kind} ${block}`)).toEqual([
    "native timed 0",
    "native timed 1",
    "native timed 2",
    "native counted 0",
    "fuse timed 0",
    "fuse timed 1",
    "fuse timed 2",
    "fuse counted 0",
  ]);
  expect(lines[0]).toMatchObject({ mean_latency_ns: "1000", ios: "1000", daemon_syscalls: "", failure: "" });
  expect(lines[5]).toMatchObject({ failure: why, ios: "", mean_latency_ns: "" });
  expect(lines[7]).toMatchObject({
    daemon_syscalls: "2500",
    daemon_syscalls_by_name: "read=1500 writev=1000",
    mean_latency_ns: "",
  });
});

test("cells.csv: a ratio that can't be told from 1 has no class, and one block tells nothing", () => {
  const cells = [
    cellOf("native", { samples: [timed(0, 1), timed(1, 1)] }),
    cellOf("native-again", { samples: [timed(0, 1.3), timed(1, 1)] }),
    cellOf("fuse", { samples: [timed(0, 2)] }),
    cellOf("passthrough", { samples: [timed(0, 1.1), timed(1, 0.9)] }),
  ];
  const lines = parse(cellsCsv(compare(runOf(cells))));
  expect(lines.map(({ backend, paper_class, differs_from_native }) => [backend, paper_class, differs_from_native])).toEqual([
    ["native", "", ""],
    ["native-again", "", "false"],
    ["fuse", "", ""],
    ["passthrough", "", "false"],
  ]);
});
