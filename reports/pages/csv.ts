import { stringify } from "csv-stringify/sync";
import type { CountedSample, TimedSample } from "../../results/index.js";

import type { Comparison, ComparisonRow } from "../figures/comparison.js";
import { type Figure, isMissing } from "../figures/counts.js";
import { published, publishedConfigs } from "../figures/published.js";
import type { Estimate } from "../figures/statistics.js";
import { modelOf, type Prediction } from "../model/prediction.js";
import { explained } from "../model/table.js";

type Value = string | number | boolean | null | undefined;

/** Column names (each with its unit) and values of one line. What can't be given is an empty field, never 0. */
type Line = Record<string, Value>;

function csv(lines: readonly Line[]): string {
  const columns = [...new Set(lines.flatMap((line) => Object.keys(line)))];
  return stringify([...lines], { header: true, columns, cast: { boolean: String } });
}

/** `pread64=1.5 read=1`: counts by name in one field. */
function byName(counts: Readonly<Record<string, number>> | null | undefined): string | null {
  if (counts === null || counts === undefined) return null;
  return Object.entries(counts)
    .map(([name, count]) => `${name}=${count}`)
    .join(" ");
}

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

/** What the model says, part by part; nothing where the run was not calibrated. */
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

function cellRecord(row: ComparisonRow, prediction: Prediction | undefined): Line {
  const { costs } = row;
  return {
    backend: row.backend,
    workload: row.workload,
    io_size_bytes: row.ioSizeBytes,
    cache: row.cache,
    readahead_kib: row.readaheadKiB,
    device_readahead_kib: row.deviceReadaheadKiB,
    medium: row.medium,
    samples: row.operationsPerSecond?.n ?? 0,
    failed_samples: row.failedSamples,
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
    ...modelColumns(prediction),
    ...publishedColumns(row),
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

/** `cells.csv`: one line a cell with every figure of the tables. */
export function cellsCsv(comparison: Comparison): string {
  return csv(cellRecords(comparison));
}

function timedLine(sample: TimedSample): Line {
  const { figures } = sample;
  const latency = figures?.latencyNs;
  return {
    seconds: figures?.seconds,
    ios: figures?.ios,
    bytes: figures?.bytes,
    mean_latency_ns: latency?.mean,
    p50_latency_ns: latency?.p50,
    p95_latency_ns: latency?.p95,
    p99_latency_ns: latency?.p99,
    p999_latency_ns: latency?.p999,
    max_latency_ns: latency?.max,
    application_context_switches: figures?.contextSwitches.application,
    daemon_context_switches: figures?.contextSwitches.daemon,
    system_context_switches: figures?.contextSwitches.system,
    requests_by_opcode: byName(figures?.requests),
    application_cpu_seconds: figures?.cpuSeconds.application,
    daemon_cpu_seconds: figures?.cpuSeconds.daemon,
    system_cpu_seconds: figures?.cpuSeconds.system,
    kernel_threads_context_switches: figures?.kernelThreads?.contextSwitches,
    kernel_threads_cpu_seconds: figures?.kernelThreads?.cpuSeconds,
    device_read_bytes: figures?.deviceReadBytes,
    device_read_requests: figures?.deviceReads?.requests,
    device_read_seconds: figures?.deviceReads?.seconds,
  };
}

function countedLine(sample: CountedSample): Line {
  const { figures } = sample;
  return {
    ios: figures?.ios,
    application_syscalls: figures?.transitions.application.syscalls,
    application_page_faults: figures?.transitions.application.userPageFaults,
    daemon_syscalls: figures?.transitions.daemon?.syscalls,
    daemon_page_faults: figures?.transitions.daemon?.userPageFaults,
    application_context_switches: figures?.contextSwitches.application,
    daemon_context_switches: figures?.contextSwitches.daemon,
    system_context_switches: figures?.contextSwitches.system,
    application_voluntary_switches: figures?.voluntarySwitches.application,
    daemon_voluntary_switches: figures?.voluntarySwitches.daemon,
    application_switches_to_idle: figures?.switchesToIdle.application,
    daemon_switches_to_idle: figures?.switchesToIdle.daemon,
    application_migrations: figures?.migrations.application,
    daemon_migrations: figures?.migrations.daemon,
    application_interrupts: figures?.interrupts.application,
    daemon_interrupts: figures?.interrupts.daemon,
    kernel_threads_context_switches: figures?.kernelThreads?.contextSwitches,
    kernel_threads_cpu_seconds: figures?.kernelThreads?.cpuSeconds,
    requests_by_opcode: byName(figures?.requests),
    answers_by_bytes: byName(figures?.answersBySize),
    device_reads_by_bytes: byName(figures?.deviceReadsBySize),
    read_round_trip_p50_ns: figures?.roundTrips?.p50Ns,
    read_round_trip_p99_ns: figures?.roundTrips?.p99Ns,
    read_round_trips_by_ns: byName(figures?.roundTrips?.histogram),
    application_syscalls_by_name: byName(figures?.applicationSyscallsByName),
    daemon_syscalls_by_name: byName(figures?.daemonSyscallsByName),
    subtracted_application_syscalls: figures?.subtracted.syscalls.application,
    subtracted_daemon_syscalls: figures?.subtracted.syscalls.daemon,
    subtracted_application_page_faults: figures?.subtracted.userPageFaults.application,
    subtracted_daemon_page_faults: figures?.subtracted.userPageFaults.daemon,
  };
}

/** `samples.csv`: one line a sample, timed and counted, as the run recorded it. */
export function samplesCsv({ rows }: Comparison): string {
  const lines = rows.flatMap((row) => {
    const key = {
      backend: row.backend,
      workload: row.workload,
      io_size_bytes: row.ioSizeBytes,
      cache: row.cache,
      readahead_kib: row.readaheadKiB,
      medium: row.medium,
    };
    const frame = (kind: string, { block, order, startedAt, failure, warnings }: TimedSample | CountedSample): Line => ({
      ...key,
      kind,
      block,
      order,
      started_at: startedAt,
      failure,
      warnings: warnings.join("; "),
    });
    return [
      ...row.cell.samples.map((sample) => ({ ...frame("timed", sample), ...timedLine(sample) })),
      ...row.cell.counts.map((sample) => ({ ...frame("counted", sample), ...countedLine(sample) })),
    ];
  });
  return csv(lines);
}
