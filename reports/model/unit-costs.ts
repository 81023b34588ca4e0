import type { Calibration, UnitName } from "../../results/index.js";

import { formatMeasured } from "../figures/formats.js";
import { type Estimate, estimate } from "../figures/statistics.js";
import type { Grid } from "../tables/table.js";

/** The names of the units, and the way in which each cost was found. */
const texts: Readonly<Record<UnitName, { readonly what: string; readonly how: string }>> = {
  systemCall: { what: "system call", how: "getppid in a loop in C, less the same loop in user mode" },
  userPageFault: { what: "user page fault", how: "first write to a fresh page, less a second write" },
  switchSameCore: { what: "context switch, same core", how: "half a ping-pong of two dd through pipes, less the pipes' calls" },
  wakeOtherCore: { what: "wake-up of another core", how: "the same with each dd on a core of its own" },
  wakeUpSent: {
    what: "the waker's part of it",
    how: "a write to a pipe whose reader's core is idle, less one that nobody reads",
  },
  copiedByteCached: { what: "copied byte, cached", how: "memmove of one 4 KiB block, a byte" },
  copiedByteUncached: { what: "copied byte, not cached", how: "memmove of 4 KiB blocks far apart in 256 MiB, a byte" },
  readCall: { what: "read of a cached page, 1 byte", how: "fio's random pread of 1 byte of a warm file, less fio's own part" },
  loadGenerator: { what: "fio's own part of a latency", how: "the same with fio's null engine, which does no I/O" },
  roundTripDevice: {
    what: "round trip over /dev/fuse",
    how: "random 4 KiB read of a mount of zeros, nothing behind it, on one core",
  },
  roundTripIoUring: { what: "round trip over io_uring", how: "the same over io_uring" },
};

/** Median and interval of each unit, in ns; null where it could not be measured. */
export type UnitCosts = Readonly<Record<UnitName, Estimate | null>>;

export function unitCosts({ units }: Calibration): UnitCosts {
  const names = Object.keys(texts) as UnitName[];
  const costs = names.map((name) => [name, estimate(units.find((unit) => unit.name === name)?.samplesNs ?? [])] as const);
  return Object.fromEntries(costs) as Record<UnitName, Estimate | null>;
}

/** The unit costs as a table, a line a unit, and below it why units are missing. */
export function unitTable(calibration: Calibration): { readonly grid: Grid; readonly notes: readonly string[] } {
  const costs = unitCosts(calibration);
  const rows = Object.entries(texts).map(([name, { what, how }]) => {
    const cost = costs[name as UnitName];
    if (cost === null) return [what, "n/a", "", "0", how];
    const { low, high } = cost.interval;
    return [what, formatMeasured(cost.median), `[${formatMeasured(low)}, ${formatMeasured(high)}]`, String(cost.n), how];
  });
  const missing = calibration.units.flatMap(({ name, unavailable }) =>
    unavailable === null ? [] : [`n/a: ${texts[name].what}: ${unavailable}`],
  );
  return { grid: [["unit", "ns", "interval", "n", "how"], ...rows], notes: missing };
}
