import { median } from "simple-statistics";
import {
  AS_FOUND,
  type BackendTraits,
  type Cell,
  isAsFound,
  isSameReads,
  isServed,
  type Placement,
  type ReadaheadSetting,
  type Reads,
  type Run,
  readsKey,
  type TimedFigures,
} from "../../results/index.js";
import { type Count, countOf, requestsOf, sumOf } from "../figures/count.js";
import { groupBy } from "../figures/group-by.js";
import { countedSeries } from "../figures/per-operation.js";
import { countedIn, timedIn } from "../figures/samples.js";
import { type SeriesName, seriesOf } from "../figures/series.js";
import { sharedPlacement } from "../figures/shared-placement.js";
import { nsOfRounds, type SliceTime } from "../figures/slices.js";
import { type Estimate, estimate, type InBlock } from "../figures/statistics.js";

/** The cost of one GiB in one cell. Null: there is nothing to count (native has no requests), or it could not be counted. */
export interface PriceRow extends BackendTraits, Reads {
  readonly backend: string;
  readonly setting: ReadaheadSetting;
  readonly readaheadKiB: number | null;
  readonly deviceReadaheadKiB: number | null;
  /** READ requests. */
  readonly requests: number | null;
  /** Mean bytes of a READ's answer. Null also where the daemon pushes pages: the cached bytes then did not come by READs alone. */
  readonly requestBytes: number | null;
  /** Shares of the answers with data by size: by the upper bound of the octave, in bytes. */
  readonly requestSizes: Readonly<Record<string, number>> | null;
  /** Requests by those of the same reads with the window as found. */
  readonly amplification: number | null;
  /** System calls and user page faults, of the application and the daemon. */
  readonly transitions: number | null;
  readonly switches: number | null;
  /** The placement of the slices that tell the wall time; null where fio's samples tell it. */
  readonly placement: Placement | null;
  /** CPU time of application and daemon together, block by block, or round by round where slices tell it. */
  readonly cpuSeconds: readonly InBlock[];
  readonly wallSeconds: readonly InBlock[];
  /** Energy of all processor packages, block by block; empty where the host has no counters. */
  readonly joules: readonly InBlock[];
  readonly mebibytesPerSecond: Estimate | null;
  readonly p99LatencyUs: Estimate | null;
  /** Bytes that were read and not asked for: by the mount from the daemon, and from the medium. */
  readonly unaskedOfDaemon: number | null;
  readonly unaskedOfMedium: number | null;
}

const GIB = 2 ** 30;

/** System calls and user page faults, of the application and the daemon. */
const modeTransitions = sumOf("mode transitions", countOf("syscalls", "both"), countOf("userPageFaults", "both"));

/** The median over the samples that have the figure. */
function middle(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : median(known);
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

/** The seconds of a GiB, round by round: a round on the command line is a block. */
function secondsOfRounds(cell: Cell, placement: Placement, time: SliceTime): InBlock[] {
  const secondsPerNs = GIB / cell.ioSizeBytes / 1e9;
  return nsOfRounds(cell, placement, time).map(({ round, value }) => ({ block: round, value: value * secondsPerNs }));
}

/** @param like the cells that this one is compared with, itself included */
function rowOf(cell: Cell, like: readonly Cell[]): PriceRow {
  const operationsPerGiB = GIB / cell.ioSizeBytes;
  const counted = (count: Count) => {
    const values = countedSeries(cell, count).map(({ value }) => value * operationsPerGiB);
    return values.length === 0 ? null : median(values);
  };
  const perGiB = (name: SeriesName, factor: number) =>
    seriesOf(cell, name).map(({ block, value }) => ({ block, value: value * factor }));
  const cached = (bytesOf: (figures: TimedFigures) => number | null) =>
    timedIn(cell).map(({ figures }) => ({ cached: bytesOf(figures), asked: figures.bytes }));
  const unasked = (bytesOf: (figures: TimedFigures) => number | null) =>
    middle(cached(bytesOf).map(({ cached, asked }) => (cached === null ? null : Math.max(0, cached - asked) * (GIB / asked))));
  const mount = ({ cachedBytes }: TimedFigures) => cachedBytes?.mount ?? null;
  const read = middle(cached(mount).map(({ cached, asked }) => (cached === null ? null : (cached / asked) * GIB)));
  const isNative = cell.kind === "native";
  const requests = isNative ? null : counted(requestsOf("READ"));
  const placementOf = (time: SliceTime) => sharedPlacement(like, "users", time);
  const [wall, cpu] = [placementOf("wall"), placementOf("cpu")];
  const estimated = (name: SeriesName, unit: number) => estimate(perGiB(name, 1 / unit).map(({ value }) => value));
  return {
    backend: cell.backend,
    kind: cell.kind,
    role: cell.role,
    ownsReadahead: cell.ownsReadahead,
    workload: cell.workload,
    ioSizeBytes: cell.ioSizeBytes,
    cache: cell.cache,
    setting: cell.readahead ?? AS_FOUND,
    readaheadKiB: cell.readaheadKiB,
    deviceReadaheadKiB: cell.deviceReadaheadKiB,
    requests,
    requestBytes: !requests || read === null || cell.ownsReadahead ? null : read / requests,
    requestSizes: isNative
      ? null
      : sharesOf(countedIn(cell).flatMap(({ figures }) => (figures.answersBySize === null ? [] : [figures.answersBySize]))),
    amplification: null,
    transitions: counted(modeTransitions),
    switches: counted(countOf("contextSwitches", "both")),
    placement: wall,
    cpuSeconds: cpu === null ? perGiB("cpuNsPerOperation", operationsPerGiB / 1e9) : secondsOfRounds(cell, cpu, "cpu"),
    wallSeconds: wall === null ? perGiB("secondsPerByte", GIB) : secondsOfRounds(cell, wall, "wall"),
    joules: perGiB("joulesPerByte", GIB),
    mebibytesPerSecond: estimated("bytesPerSecond", 2 ** 20),
    p99LatencyUs: estimated("p99LatencyNs", 1000),
    unaskedOfDaemon: isNative ? null : unasked(mount),
    unaskedOfMedium: unasked(({ cachedBytes }) => cachedBytes?.source ?? null),
  };
}

/**
 * True where readahead is off in every window that the reads pass: that of the mount, where a daemon serves it, and, cold, the
 * device's below; elsewhere the device's.
 */
export function isOff({ setting, kind, cache }: PriceRow): boolean {
  const { mountKiB, initKiB, deviceKiB, access, advice } = setting;
  if (initKiB !== null || access !== "read" || advice !== "none") return false;
  const served = isServed({ kind });
  return (!served || mountKiB === 0) && (cache === "cold" ? deviceKiB === 0 : served);
}

/** Every cell of a run as what a GiB costs in it, in the order of the table. */
export function priceRows(run: Run): PriceRow[] {
  const names = run.backends.map(({ name }) => name);
  const like = groupBy(run.cells, readsKey);
  const rows = run.cells.map((cell) => rowOf(cell, like.get(readsKey(cell))!));
  const settings = (run.request.readahead ?? []).map((setting) => JSON.stringify(setting));
  const place = ({ workload, cache, ioSizeBytes, backend, setting }: PriceRow) => [
    run.request.workloads.indexOf(workload),
    run.request.caches.indexOf(cache),
    ioSizeBytes,
    names.indexOf(backend),
    settings.indexOf(JSON.stringify(setting)),
  ];
  const compared = rows.map((row) => {
    const found = rows.find((other) => other.backend === row.backend && isSameReads(row, other) && isAsFound(other.setting));
    const amplification = row.requests === null || !found?.requests ? null : row.requests / found.requests;
    return { ...row, amplification };
  });
  return compared.toSorted((a, b) => {
    const [left, right] = [place(a), place(b)];
    const at = left.findIndex((value, index) => value !== right[index]);
    return at === -1 ? 0 : left[at]! - right[at]!;
  });
}
