import type { CountedSample, TimedFigures, TimedSample } from "../../results/index.js";

import type { Comparison, ComparisonRow } from "../figures/comparison.js";
import { type Figure, isMissing } from "../figures/per-operation.js";
import { cellRows } from "../figures/placed-rows.js";
import { published, publishedConfigs } from "../figures/published.js";
import type { Estimate } from "../figures/statistics.js";
import { modelOf, type Prediction } from "../model/prediction.js";
import { explained } from "../model/table.js";
import { byName, csv, type Line } from "./csv-value.js";
import { furtherCounts, type SampleColumn, sampleColumns, startupColumns } from "./figure-columns.js";

function figure(value: Figure): number | null {
  return isMissing(value) ? null : value;
}

function estimateColumns(name: string, value: Estimate | null): Line {
  return { [name]: value?.median, [`${name}_low`]: value?.interval.low, [`${name}_high`]: value?.interval.high };
}

function publishedColumns({ workload, ioSizeBytes }: ComparisonRow): Line {
  const ratios = published(workload, ioSizeBytes);
  return Object.fromEntries(
    publishedConfigs.map(({ medium, config }) => [
      `fast17_${medium}_${config}_throughput_by_native`.toLowerCase().replaceAll("-", "_"),
      ratios.find((ratio) => ratio.medium === medium && ratio.config === config)?.relativeThroughput,
    ]),
  );
}

/** The prediction, part by part; no columns for a run that was not calibrated. */
function modelColumns(prediction: Prediction | undefined): Line {
  if (prediction === undefined) return {};
  const { predictedUs, parts } = prediction;
  return {
    predicted_us: predictedUs.median,
    predicted_us_low: predictedUs.low,
    predicted_us_high: predictedUs.high,
    predicted_by_measured: explained(prediction),
    predicted_ns_by_part: byName(parts),
  };
}

/** The columns of slices, behind all others; none for a cell without slices. */
function sliceColumns(row: ComparisonRow): Line {
  if (row.placement === null) return {};
  return {
    rounds: row.rounds,
    failed_rounds: row.failedRounds,
    slices: row.slices,
    slice_ns_per_io: row.sliceNs,
    ...estimateColumns("cpu_by_native", row.relativeCpu),
    placement: row.placement,
  };
}

/** fio's figures: its samples, and the counts of one operation. */
function sampleFields(row: ComparisonRow): { readonly counted: Line; readonly further: Line } {
  const { costs } = row;
  const counted = {
    application_syscalls_per_io: figure(costs.applicationSyscalls),
    application_page_faults_per_io: figure(costs.applicationPageFaults),
    daemon_syscalls_per_io: figure(costs.daemonSyscalls),
    daemon_page_faults_per_io: figure(costs.daemonPageFaults),
    application_context_switches_per_io: figure(costs.applicationSwitches),
    daemon_context_switches_per_io: figure(costs.daemonSwitches),
    read_requests_per_io: figure(costs.readRequests),
    cpu_us_per_io: figure(costs.cpuUs),
    application_syscalls_per_io_by_name: byName(costs.applicationSyscallsByName),
    daemon_syscalls_per_io_by_name: byName(costs.daemonSyscallsByName),
  };
  const further = furtherCounts(row.cell);
  // They stand in one row of a cell.
  return row.hasSamples ? { counted, further } : { counted: emptied(counted), further: emptied(further) };
}

function emptied(line: Line): Line {
  return Object.fromEntries(Object.keys(line).map((name) => [name, null]));
}

function cellRecord(row: ComparisonRow, prediction: Prediction | undefined): Line {
  const { counted, further } = sampleFields(row);
  return {
    backend: row.backend,
    workload: row.workload,
    io_size_bytes: row.ioSizeBytes,
    cache: row.cache,
    readahead_kib: row.readaheadKiB,
    device_readahead_kib: row.deviceReadaheadKiB,
    medium: row.medium,
    samples: row.hasSamples ? (row.operationsPerSecond?.n ?? 0) : null,
    failed_samples: row.hasSamples ? row.failedSamples : null,
    ...estimateColumns("operations_per_second", row.operationsPerSecond),
    ...estimateColumns("mebibytes_per_second", row.mebibytesPerSecond),
    ...estimateColumns("throughput_by_native", row.relativeThroughput),
    ...estimateColumns("mean_latency_by_native", row.relativeLatency),
    interval_coverage: row.relativeThroughput?.interval.coverage,
    noise_floor_factor: row.noiseFloor,
    // A single block can't tell.
    differs_from_native: (row.relativeThroughput?.n ?? 0) < 2 ? null : !row.isUndecided,
    paper_class: row.paperClass,
    ...estimateColumns("mean_latency_us", row.meanLatencyUs),
    ...estimateColumns("p50_latency_us", row.p50LatencyUs),
    ...estimateColumns("p99_latency_us", row.p99LatencyUs),
    ...counted,
    ...modelColumns(prediction),
    ...publishedColumns(row),
    ...further,
    ...sliceColumns(row),
  };
}

/** The cells of a comparison for programs: as `cells.csv` has them, with null where a figure can't be given. */
export function cellRecords(comparison: Comparison): Record<string, string | number | boolean | null>[] {
  const predictions = new Map(modelOf(comparison)?.predictions.map((prediction) => [prediction.row, prediction]));
  return comparison.rows.map((row) => {
    const record = cellRecord(row, predictions.get(row));
    return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, value ?? null]));
  });
}

/** `cells.csv`: one line a cell and placement with every figure of the tables. */
export function cellsCsv(comparison: Comparison): string {
  const last = new Set(comparison.rows.flatMap((row) => Object.keys(sliceColumns(row))));
  return csv(cellRecords(comparison), last);
}

function loadColumns(figures: TimedFigures | null): Line {
  const latency = figures?.latencyNs;
  return {
    seconds: figures?.seconds,
    ios: figures?.operations,
    bytes: figures?.bytes,
    mean_latency_ns: latency?.mean,
    p50_latency_ns: latency?.p50,
    p95_latency_ns: latency?.p95,
    p99_latency_ns: latency?.p99,
    p999_latency_ns: latency?.p999,
    max_latency_ns: latency?.max,
  };
}

const timedColumns = sampleColumns("timed");
const countedColumns = [...sampleColumns("counted"), ...startupColumns];
const laterColumns = [...timedColumns, ...countedColumns].filter(({ isLater }) => isLater === true).map(({ name }) => name);

function valuesOf(columns: readonly SampleColumn[], sample: TimedSample | CountedSample): Line {
  return Object.fromEntries(columns.map(({ name, value }) => [name, sample.ok ? value(sample.figures) : null]));
}

function timedLine(sample: TimedSample): Line {
  return { ...loadColumns(sample.ok ? sample.figures : null), ...valuesOf(timedColumns, sample) };
}

function countedLine(sample: CountedSample): Line {
  return { ios: sample.ok ? sample.figures.operations : null, ...valuesOf(countedColumns, sample) };
}

/** `samples.csv`: one line a sample, timed and counted, as the run recorded it. */
export function samplesCsv({ rows }: Comparison): string {
  const lines = cellRows(rows).flatMap((row) => {
    const key = {
      backend: row.backend,
      workload: row.workload,
      io_size_bytes: row.ioSizeBytes,
      cache: row.cache,
      readahead_kib: row.readaheadKiB,
      medium: row.medium,
    };
    const frame = (kind: string, sample: TimedSample | CountedSample): Line => ({
      ...key,
      kind,
      block: sample.block,
      order: sample.order,
      started_at: sample.startedAt,
      failure: sample.ok ? null : sample.failure,
      warnings: sample.warnings.join("; "),
    });
    return [
      ...row.cell.samples.map((sample) => ({ ...frame("timed", sample), ...timedLine(sample) })),
      ...row.cell.counts.map((sample) => ({ ...frame("counted", sample), ...countedLine(sample) })),
    ];
  });
  return csv(lines, new Set(laterColumns));
}
