import { stringify } from "csv-stringify/sync";
import type { Run } from "../../results/index.js";

import { type Estimate, estimate } from "../figures/statistics.js";
import { type Price, priceList, type Rates, wonBack } from "./price-list.js";
import { type PriceRow, priceRows } from "./price-rows.js";
import { settingLabel } from "./setting-label.js";

type Value = string | number | null;
type Line = Record<string, Value>;

function estimateColumns(name: string, value: Estimate | null): Line {
  return {
    [name]: value?.median ?? null,
    [`${name}_low`]: value?.interval.low ?? null,
    [`${name}_high`]: value?.interval.high ?? null,
  };
}

const nameColumns = (row: PriceRow): Line => ({
  workload: row.workload,
  io_size_bytes: row.ioSizeBytes,
  cache: row.cache,
  backend: row.backend,
  readahead: settingLabel(row.setting),
});

/** The placement of the slices that tell the times; no column where fio's samples tell them. */
const placementColumn = ({ placement }: PriceRow): Line => (placement === null ? {} : { placement });

function windowRecord(row: PriceRow): Line {
  const values = (series: PriceRow["cpuSeconds"]) => estimate(series.map(({ value }) => value));
  return {
    ...nameColumns(row),
    mount_readahead_kib: row.kind === "native" ? null : row.readaheadKiB,
    device_readahead_kib: row.deviceReadaheadKiB,
    read_requests_per_gib: row.requests,
    mean_request_bytes: row.requestBytes,
    requests_by_as_found: row.amplification,
    crossings_per_gib: row.transitions,
    context_switches_per_gib: row.switches,
    ...estimateColumns("cpu_seconds_per_gib", values(row.cpuSeconds)),
    ...estimateColumns("wall_seconds_per_gib", values(row.wallSeconds)),
    ...estimateColumns("mebibytes_per_second", row.mebibytesPerSecond),
    ...estimateColumns("p99_latency_us", row.p99LatencyUs),
    unasked_of_daemon_bytes_per_gib: row.unaskedOfDaemon,
    unasked_of_medium_bytes_per_gib: row.unaskedOfMedium,
    ...placementColumn(row),
  };
}

function priceRecord(price: Price): Line {
  return {
    ...nameColumns(price.row),
    against: settingLabel(price.against.setting),
    read_requests_per_gib: price.requests,
    crossings_per_gib: price.transitions,
    context_switches_per_gib: price.switches,
    ...estimateColumns("cpu_seconds_per_gib", price.cpuSeconds),
    ...estimateColumns("wall_seconds_per_gib", price.wallSeconds),
    usd_per_gib: price.usd,
    joules_per_gib: price.joules,
    ...placementColumn(price.row),
  };
}

/** The prices for programs, in the units that the names tell. A figure that can't be had is null. */
export function priceRecords(run: Run, rates: Rates): { windows: Line[]; prices: Line[]; wonBack: Line[] } {
  const rows = priceRows(run);
  return {
    windows: rows.map(windowRecord),
    prices: priceList(rows, rates).map(priceRecord),
    wonBack: wonBack(rows).map(({ pushed, requests, transitions, cpuSeconds, wallSeconds }) => ({
      ...nameColumns(pushed),
      requests,
      crossings: transitions,
      cpuSeconds,
      wallSeconds,
    })),
  };
}

function csvOf(lines: readonly Line[]): string {
  return stringify([...lines], { header: true, columns: [...new Set(lines.flatMap((line) => Object.keys(line)))] });
}

/** `windows.csv` and `prices.csv`: an empty field where there is nothing to tell. */
export function priceCsv(run: Run, rates: Rates): { windows: string; prices: string } {
  const { windows, prices } = priceRecords(run, rates);
  return { windows: csvOf(windows), prices: csvOf(prices) };
}
