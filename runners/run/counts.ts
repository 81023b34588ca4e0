import type { Tally } from "../../results/index.js";

type Counts = Record<string, number>;

/** The figures that application and daemon have each. */
export type PartyFigure = {
  [Name in keyof Tally]: Tally[Name] extends { application: number | null; daemon: number | null } ? Name : never;
}[keyof Tally];

/**
 * How much smaller the whole may be than the startup overhead before the difference is unknown. Exact counts repeat but for a
 * few calls: the startup of our daemon was seen to vary by 27. Noise (a neighbour, a tick of 10 ms) grows with what it falls on.
 */
const COUNTS_VARY_BY = 27;
const allowances = {
  exact: () => COUNTS_VARY_BY,
  noisy: (startup: number) => Math.max(COUNTS_VARY_BY, startup / 2),
  noisySeconds: (startup: number) => Math.max(0.01, startup / 2),
  /** Counts of the whole machine: a neighbour in the short job says nothing of the long one. */
  anybodys: () => Number.POSITIVE_INFINITY,
} as const satisfies Record<string, (startup: number) => number>;
type Kind = keyof typeof allowances;

const partyFigures: Readonly<Record<PartyFigure, readonly [label: string, kind: Kind]>> = {
  syscalls: ["system calls", "exact"],
  userPageFaults: ["page faults", "exact"],
  contextSwitches: ["context switches", "noisy"],
  cpuSeconds: ["CPU seconds", "noisySeconds"],
  voluntarySwitches: ["voluntary switches", "noisy"],
  switchesToIdle: ["switches to idle", "noisy"],
  migrations: ["migrations", "noisy"],
  interrupts: ["interrupts", "noisy"],
};

const countsByName = {
  applicationSyscallsByName: ["application system calls by name", "exact"],
  daemonSyscallsByName: ["daemon system calls by name", "exact"],
  requests: ["requests", "exact"],
  answersBySize: ["answers by size", "exact"],
  deviceReadsBySize: ["device reads by size", "anybodys"],
} as const satisfies Partial<Record<keyof Tally, readonly [label: string, kind: Kind]>>;

/** The startup overhead is so much larger than the whole that it can't be what the job itself began with. */
function isTooLarge(startup: number, whole: number, kind: Kind): boolean {
  return startup - whole > allowances[kind](startup);
}

function warning(label: string, startup: number, whole: number, name = ""): string {
  return `${label}: the startup overhead was larger than the whole (${name}${startup} > ${whole}): not known`;
}

/** The cost of a job beyond its startup overhead. */
export interface Net {
  /** A figure that can't be had is null; one that noise took below nothing is 0. */
  readonly tally: Tally;
  /** A line for each figure that is null because its startup overhead was larger than the whole. */
  readonly warnings: readonly string[];
}

/**
 * Takes the startup overhead (the same job of one I/O) out of a job's counts. Divided by `ios` of the outcome they are the cost
 * of one I/O.
 */
export function minus(whole: Tally, startup: Tally): Net {
  const warnings: string[] = [];
  const difference = (whole: number | null, startup: number | null, label: string, kind: Kind): number | null => {
    if (whole === null || startup === null) return null;
    if (!isTooLarge(startup, whole, kind)) return Math.max(0, whole - startup);
    warnings.push(warning(label, startup, whole));
    return null;
  };
  const parties = (key: PartyFigure) => {
    const [label, kind] = partyFigures[key];
    return {
      application: difference(whole[key].application, startup[key].application, `application ${label}`, kind),
      daemon: difference(whole[key].daemon, startup[key].daemon, `daemon ${label}`, kind),
    };
  };
  /** A name that is left out counts as 0, so one unknown count makes all of them unknown. */
  const byName = (key: keyof typeof countsByName): Counts | null => {
    const [all, early] = [whole[key], startup[key]];
    if (all === null || early === null) return null;
    const [label, kind] = countsByName[key];
    const tooLarge = Object.entries(early).find(([name, count]) => isTooLarge(count, all[name] ?? 0, kind));
    if (tooLarge !== undefined) {
      const [name, count] = tooLarge;
      warnings.push(warning(label, count, all[name] ?? 0, `${name} `));
      return null;
    }
    const differences = Object.entries(all).map(([name, count]) => [name, count - (early[name] ?? 0)] as const);
    return Object.fromEntries(differences.filter(([, count]) => count > 0));
  };
  const tally: Tally = {
    ios: whole.ios - startup.ios,
    syscalls: parties("syscalls"),
    userPageFaults: parties("userPageFaults"),
    contextSwitches: parties("contextSwitches"),
    cpuSeconds: parties("cpuSeconds"),
    voluntarySwitches: parties("voluntarySwitches"),
    switchesToIdle: parties("switchesToIdle"),
    migrations: parties("migrations"),
    interrupts: parties("interrupts"),
    applicationSyscallsByName: byName("applicationSyscallsByName"),
    daemonSyscallsByName: byName("daemonSyscallsByName"),
    requests: byName("requests"),
    // Of the whole machine: a neighbour in the short job would be taken out of every sample. Its own part is a few hundred.
    idleEntries: whole.idleEntries,
    answersBySize: byName("answersBySize"),
    deviceReadsBySize: byName("deviceReadsBySize"),
  };
  return { tally, warnings };
}
