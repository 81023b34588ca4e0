import { isAsFound, isSameReads } from "../../results/index.js";
import { type Estimate, estimate, type InBlock } from "../figures/statistics.js";
import { isOff, type PriceRow } from "./price-rows.js";

/** The backend that is the same daemon with the kernel's readahead. */
const KERNEL_READAHEAD = "fuse";

/** The cost of a core: the user's own figures. */
export interface Rates {
  readonly usdPerCoreHour: number | null;
  readonly wattsPerCore: number | null;
}

/** The difference that one GiB costs in one case and in another. Negative: less. */
export interface Price {
  readonly backend: string;
  /** The case that costs more, and the one that it is held against. */
  readonly row: PriceRow;
  readonly against: PriceRow;
  readonly requests: number | null;
  readonly transitions: number | null;
  readonly switches: number | null;
  readonly cpuSeconds: Estimate | null;
  readonly wallSeconds: Estimate | null;
  readonly usd: number | null;
  readonly joules: number | null;
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

/** Differences within one block: a drift of the host falls on both. */
function pairedDifference(a: readonly InBlock[], b: readonly InBlock[]): Estimate | null {
  const inBlock = new Map(b.map(({ block, value }) => [block, value]));
  return estimate(a.flatMap(({ block, value }) => (inBlock.has(block) ? [value - inBlock.get(block)!] : [])));
}

export function priceOf(row: PriceRow, against: PriceRow, { usdPerCoreHour, wattsPerCore }: Rates): Price {
  const cpuSeconds = pairedDifference(row.cpuSeconds, against.cpuSeconds);
  const times = (rate: number | null) => (cpuSeconds === null || rate === null ? null : cpuSeconds.median * rate);
  return {
    backend: row.backend,
    row,
    against,
    requests: difference(row.requests, against.requests),
    transitions: difference(row.transitions, against.transitions),
    switches: difference(row.switches, against.switches),
    cpuSeconds,
    wallSeconds: pairedDifference(row.wallSeconds, against.wallSeconds),
    usd: times(usdPerCoreHour === null ? null : usdPerCoreHour / 3600),
    joules: times(wattsPerCore),
  };
}

/** The price list: the cost of readahead being off, per GiB, for each backend and kind of reads that was measured both ways. */
export function priceList(rows: readonly PriceRow[], rates: Rates): Price[] {
  return rows.filter(isOff).flatMap((off) => {
    const found = rows.find((row) => row.backend === off.backend && isSameReads(row, off) && isAsFound(row.setting));
    return found === undefined ? [] : [priceOf(off, found, rates)];
  });
}

/** Readahead by a daemon: the part that it wins back of the cost of having no readahead by the kernel. */
export interface WonBack {
  readonly off: PriceRow;
  readonly pushed: PriceRow;
  readonly found: PriceRow;
  /** 1: as good as the kernel's own; 0: no better than none; below: worse than none. */
  readonly requests: number | null;
  readonly transitions: number | null;
  readonly cpuSeconds: number | null;
  readonly wallSeconds: number | null;
}

function share(off: number | null, pushed: number | null, found: number | null): number | null {
  // No cost, nothing to win back.
  if (off === null || pushed === null || found === null || off <= found * 1.05) return null;
  return (off - pushed) / (off - found);
}

const middle = (series: readonly InBlock[]) => estimate(series.map(({ value }) => value))?.median ?? null;

/** A line for each kind of reads that was measured with the kernel's window, without it, and with the daemon's readahead. */
export function wonBack(rows: readonly PriceRow[]): WonBack[] {
  return rows
    .filter((row) => row.ownsReadahead && isAsFound(row.setting))
    .flatMap((pushed) => {
      const like = rows.filter((row) => row.backend === KERNEL_READAHEAD && isSameReads(row, pushed));
      const found = like.find(({ setting }) => isAsFound(setting));
      // Cold too: of the mount alone, since the device's window stays as it is.
      const off = like.find(({ setting }) => setting.mountKiB === 0 && setting.deviceKiB === null);
      if (found === undefined || off === undefined) return [];
      return [
        {
          off,
          pushed,
          found,
          requests: share(off.requests, pushed.requests, found.requests),
          transitions: share(off.transitions, pushed.transitions, found.transitions),
          cpuSeconds: share(middle(off.cpuSeconds), middle(pushed.cpuSeconds), middle(found.cpuSeconds)),
          wallSeconds: share(middle(off.wallSeconds), middle(pushed.wallSeconds), middle(found.wallSeconds)),
        },
      ];
    });
}
