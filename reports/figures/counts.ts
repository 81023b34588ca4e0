import { median } from "simple-statistics";
import type { BackendRecord, Cell } from "../../results/index.js";

/** A figure that can't be given: because there is nothing to count (native has no daemon), or because it was not measured. */
interface Missing {
  readonly applies: boolean;
  readonly reason: string;
}

/** A figure, or why there is none. */
export type Figure = number | Missing;

/** What one I/O costs in crossings, switches, requests and CPU time. The fixed part of the load is not in it. */
export interface CostsPerIo {
  readonly applicationSyscalls: Figure;
  readonly applicationPageFaults: Figure;
  readonly daemonSyscalls: Figure;
  readonly daemonPageFaults: Figure;
  readonly applicationSwitches: Figure;
  readonly daemonSwitches: Figure;
  readonly readRequests: Figure;
  /** Microseconds, of the application and the daemon together. */
  readonly cpuUs: Figure;
  /** System calls by name; null where they were not counted. */
  readonly applicationSyscallsByName: Readonly<Record<string, number>> | null;
  readonly daemonSyscallsByName: Readonly<Record<string, number>> | null;
}

const NO_DAEMON: Missing = { applies: false, reason: "native has no daemon" };
const NO_REQUESTS: Missing = { applies: false, reason: "native sends no FUSE requests" };

const CPU_LOST = "the load takes less CPU time than its startup overhead varies by";

export function isMissing(figure: Figure): figure is Missing {
  return typeof figure !== "number";
}

/** The sum of figures that belong together: missing where one of them is missing. */
export function sum(...figures: readonly Figure[]): Figure {
  const missing = figures.find(isMissing);
  if (missing !== undefined) return missing;
  return (figures as readonly number[]).reduce((total, figure) => total + figure, 0);
}

/** Median over samples of a count divided by the I/Os of its sample. A sample without the counter is left out. */
function perIo<T extends { readonly ios: number }>(
  samples: readonly T[],
  pick: (sample: T) => number | null,
  missing: Missing,
): Figure {
  const values = samples.flatMap((sample) => {
    const count = pick(sample);
    return count === null || sample.ios === 0 ? [] : [count / sample.ios];
  });
  return values.length === 0 ? missing : median(values);
}

type Counted = NonNullable<Cell["counts"][number]["figures"]>;
type Timed = NonNullable<Cell["samples"][number]["figures"]>;

/** Medians over the samples that have counts by name; a name that a sample lacks is 0 in it. */
function byName(
  counted: readonly Counted[],
  pick: (sample: Counted) => Record<string, number> | null,
): Record<string, number> | null {
  const known = counted.flatMap((sample) => {
    const counts = pick(sample);
    return counts === null ? [] : [{ counts, ios: sample.ios }];
  });
  if (known.length === 0) return null;
  const names = [...new Set(known.flatMap(({ counts }) => Object.keys(counts)))];
  const perName = names.map((name) => [name, median(known.map(({ counts, ios }) => (counts[name] ?? 0) / ios))] as const);
  return Object.fromEntries(perName.toSorted(([, a], [, b]) => b - a));
}

function whyUncounted(cell: Cell, counted: readonly Counted[]): string {
  if (cell.counts.length === 0) return "no counted run was taken";
  const failure = cell.counts.find((sample) => sample.failure !== null)?.failure;
  if (counted.length === 0) return `no counted run succeeded (${failure ?? "no figures"})`;
  return "not given by this host: see the warnings, or `fusemeter doctor`";
}

/** The costs of one I/O in a cell: counts from its counted runs, CPU time from its timed ones. */
export function costsPerIo(cell: Cell, kind: BackendRecord["kind"]): CostsPerIo {
  const counted = cell.counts.flatMap(({ figures, failure }) =>
    figures === null || failure !== null || figures.ios === 0 ? [] : [figures],
  );
  const timed = cell.samples.flatMap(({ figures, failure }) =>
    figures === null || failure !== null ? [] : [{ ...figures, ios: figures.countedIos }],
  );
  const native = kind === "native";
  const uncounted: Missing = { applies: true, reason: whyUncounted(cell, counted) };
  const uncountedDaemon = native ? NO_DAEMON : uncounted;
  /** Timed runs count these too, at no cost: they stand in where no counted run does. */
  const countedOrTimed = (pick: (sample: Counted | Timed) => number | null, missing: Missing): Figure => {
    const figure = perIo(counted, pick, missing);
    return isMissing(figure) ? perIo(timed, pick, missing) : figure;
  };
  const cpuSeconds = ({ cpuSeconds: { application, daemon } }: Timed): number | null => {
    if (application === null || (daemon === null && !native)) return null;
    return application + (daemon ?? 0);
  };
  const cpuReason =
    timed.length === 0 ? "no timed run succeeded" : "the CPU time of both processes is not known: see the warnings";
  const cpuPerIo = perIo(timed, cpuSeconds, { applies: true, reason: cpuReason });
  return {
    applicationSyscalls: perIo(counted, (sample) => sample.transitions.application.syscalls, uncounted),
    applicationPageFaults: perIo(counted, (sample) => sample.transitions.application.userPageFaults, uncounted),
    daemonSyscalls: perIo(counted, (sample) => sample.transitions.daemon?.syscalls ?? null, uncountedDaemon),
    daemonPageFaults: perIo(counted, (sample) => sample.transitions.daemon?.userPageFaults ?? null, uncountedDaemon),
    applicationSwitches: countedOrTimed((sample) => sample.contextSwitches.application, uncounted),
    daemonSwitches: native ? NO_DAEMON : countedOrTimed((sample) => sample.contextSwitches.daemon, uncounted),
    readRequests: native
      ? NO_REQUESTS
      : countedOrTimed((sample) => (sample.requests === null ? null : (sample.requests.READ ?? 0)), uncounted),
    // Every I/O takes CPU time: where the startup overhead took it all out, nothing is known of it.
    cpuUs: cpuPerIo === 0 ? { applies: true, reason: CPU_LOST } : isMissing(cpuPerIo) ? cpuPerIo : cpuPerIo * 1e6,
    applicationSyscallsByName: byName(counted, (sample) => sample.applicationSyscallsByName),
    daemonSyscallsByName: byName(counted, (sample) => sample.daemonSyscallsByName),
  };
}
