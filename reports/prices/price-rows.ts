import { median } from "simple-statistics";
import type { BackendRecord, CacheState, Cell, ReadaheadSetting, Run } from "../../results/index.js";

import { type Estimate, estimate, type InBlock } from "../figures/statistics.js";

/** What one GiB costs in one cell. Null: there is nothing to count (native has no requests), or it could not be counted. */
export interface PriceRow {
  readonly backend: string;
  readonly kind: BackendRecord["kind"];
  readonly workload: string;
  readonly ioSizeBytes: number;
  readonly cache: CacheState;
  readonly setting: ReadaheadSetting;
  readonly readaheadKiB: number | null;
  readonly deviceReadaheadKiB: number | null;
  /** READ requests. */
  readonly requests: number | null;
  /** Bytes of one READ's answer, the mean. Null too where the daemon pushes: what is cached did then not come by READs alone. */
  readonly requestBytes: number | null;
  /** Which part of the answers with data is of which size: by the upper bound of its octave, in bytes. */
  readonly requestSizes: Readonly<Record<string, number>> | null;
  /** Requests by those of the same reads with the window as found. */
  readonly amplification: number | null;
  /** System calls and user page faults, of the application and the daemon. */
  readonly crossings: number | null;
  readonly switches: number | null;
  /** Of the application and the daemon, block by block. */
  readonly cpuSeconds: readonly InBlock[];
  readonly wallSeconds: readonly InBlock[];
  /** Of the processor, block by block; empty where the host has no counters. */
  readonly joules: readonly InBlock[];
  readonly mebibytesPerSecond: Estimate | null;
  readonly p99LatencyUs: Estimate | null;
  /** Bytes that were read and not asked for: by the mount from the daemon, and from the medium. */
  readonly unaskedOfDaemon: number | null;
  readonly unaskedOfMedium: number | null;
}

/** The backends that are the same daemon with the kernel's readahead, and with one of its own. */
export const [KERNEL_READAHEAD, DAEMON_READAHEAD] = ["fuse", "daemon-readahead"];

const GIB = 2 ** 30;

const NOTHING_SET: ReadaheadSetting = { mountKiB: null, initKiB: null, deviceKiB: null, access: "read", advice: "none" };

/** Median over samples, of those that have the figure. */
function middle(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : median(known);
}

function total(...parts: readonly (number | null)[]): number | null {
  return parts.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part), 0);
}

/** The classes that hold at least one in a hundred, the most frequent first. Null where nothing was counted. */
function sharesOf(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> | null {
  const sums = new Map<string, number>();
  for (const bySize of counts) for (const [size, count] of Object.entries(bySize)) sums.set(size, (sums.get(size) ?? 0) + count);
  const all = [...sums.values()].reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  const shares = [...sums].map(([size, count]) => [size, count / all] as const).filter(([, share]) => share >= 0.01);
  return Object.fromEntries(shares.toSorted(([, a], [, b]) => b - a));
}

function rowOf(cell: Cell, kind: BackendRecord["kind"]): PriceRow {
  const isNative = kind === "native";
  const counted = cell.counts.flatMap(({ figures }) => (figures === null ? [] : [figures]));
  const timed = cell.samples.flatMap(({ block, figures }) =>
    figures === null || figures.seconds === 0 ? [] : [{ block, ...figures }],
  );
  const perGiB = (ios: number) => GIB / (ios * cell.ioSizeBytes);
  const count = (pick: (figures: (typeof counted)[number]) => number | null) =>
    middle(counted.map((figures) => (total(pick(figures), 0) === null ? null : pick(figures)! * perGiB(figures.ios))));
  const requests = isNative ? null : count((figures) => (figures.requests === null ? null : (figures.requests.READ ?? 0)));
  const unasked = (pick: (figures: (typeof timed)[number]) => number | null | undefined) =>
    middle(
      timed.map((figures) => {
        const bytes = pick(figures);
        return bytes === null || bytes === undefined ? null : Math.max(0, bytes - figures.bytes) * (GIB / figures.bytes);
      }),
    );
  const read = middle(
    timed.map(({ cachedBytes, bytes }) => (cachedBytes?.mount == null ? null : (cachedBytes.mount / bytes) * GIB)),
  );
  return {
    backend: cell.backend,
    kind,
    workload: cell.workload,
    ioSizeBytes: cell.ioSizeBytes,
    cache: cell.cache,
    setting: cell.readahead ?? NOTHING_SET,
    readaheadKiB: cell.readaheadKiB,
    deviceReadaheadKiB: cell.deviceReadaheadKiB,
    requests,
    requestBytes: !requests || read === null || cell.backend === DAEMON_READAHEAD ? null : read / requests,
    requestSizes: isNative
      ? null
      : sharesOf(counted.flatMap(({ answersBySize }) => (answersBySize === null ? [] : [answersBySize]))),
    amplification: null,
    crossings: count(({ transitions: { application, daemon } }) =>
      total(
        application.syscalls,
        application.userPageFaults,
        isNative ? 0 : (daemon?.syscalls ?? null),
        isNative ? 0 : (daemon?.userPageFaults ?? null),
      ),
    ),
    switches: count(({ contextSwitches: { application, daemon } }) => total(application, isNative ? 0 : daemon)),
    cpuSeconds: timed.flatMap(({ block, cpuSeconds, countedIos }) => {
      const seconds = total(cpuSeconds.application, isNative ? 0 : cpuSeconds.daemon);
      return seconds === null ? [] : [{ block, value: seconds * perGiB(countedIos) }];
    }),
    wallSeconds: timed.map(({ block, seconds, bytes }) => ({ block, value: seconds * (GIB / bytes) })),
    joules: timed.flatMap(({ block, energyJoules, bytes }) =>
      energyJoules === null ? [] : [{ block, value: energyJoules * (GIB / bytes) }],
    ),
    mebibytesPerSecond: estimate(timed.map(({ seconds, bytes }) => bytes / seconds / 2 ** 20)),
    p99LatencyUs: estimate(timed.map(({ latencyNs }) => latencyNs.p99 / 1000)),
    unaskedOfDaemon: isNative ? null : unasked(({ cachedBytes }) => cachedBytes?.mount),
    unaskedOfMedium: unasked(({ cachedBytes }) => cachedBytes?.source),
  };
}

/** Whether two rows are of the same reads, however readahead was set. */
export function sameReads(a: PriceRow, b: PriceRow): boolean {
  return a.workload === b.workload && a.ioSizeBytes === b.ioSizeBytes && a.cache === b.cache;
}

export function isAsFound({ setting }: PriceRow): boolean {
  const { mountKiB, initKiB, deviceKiB, access, advice } = setting;
  return mountKiB === null && initKiB === null && deviceKiB === null && access === "read" && advice === "none";
}

/**
 * Whether readahead is off in every window that the reads pass: of a mount that a daemon serves its own and, cold, the
 * device's below; elsewhere the device's.
 */
export function isOff({ setting, kind, cache }: PriceRow): boolean {
  const { mountKiB, initKiB, deviceKiB, access, advice } = setting;
  if (initKiB !== null || access !== "read" || advice !== "none") return false;
  const isServed = kind === "fuse" || kind === "command";
  return (!isServed || mountKiB === 0) && (cache === "cold" ? deviceKiB === 0 : isServed);
}

/** Every cell of a run as what a GiB costs in it, in the order of the table. */
export function priceRows(run: Run): PriceRow[] {
  const names = run.backends.map(({ name }) => name);
  const kindOf = new Map(run.backends.map(({ name, kind }) => [name, kind]));
  const rows = run.cells.map((cell) => rowOf(cell, kindOf.get(cell.backend) ?? "command"));
  const settings = (run.request.readahead ?? []).map((setting) => JSON.stringify(setting));
  const place = ({ workload, cache, ioSizeBytes, backend, setting }: PriceRow) => [
    run.request.workloads.indexOf(workload),
    run.request.caches.indexOf(cache),
    ioSizeBytes,
    names.indexOf(backend),
    settings.indexOf(JSON.stringify(setting)),
  ];
  const compared = rows.map((row) => {
    const found = rows.find((other) => other.backend === row.backend && sameReads(row, other) && isAsFound(other));
    const amplification = row.requests === null || !found?.requests ? null : row.requests / found.requests;
    return { ...row, amplification };
  });
  return compared.toSorted((a, b) => {
    const [left, right] = [place(a), place(b)];
    const at = left.findIndex((value, index) => value !== right[index]);
    return at === -1 ? 0 : left[at]! - right[at]!;
  });
}
