import type { Tally } from "../../results/index.js";

type Counts = Record<string, number>;

function difference(whole: number | null, part: number | null): number | null {
  // What wobbles (switches, CPU time) may come out below nothing in a short job; less than nothing it was not.
  return whole === null || part === null ? null : Math.max(0, whole - part);
}

function differences(whole: Counts | null, part: Counts | null): Counts | null {
  if (whole === null || part === null) return null;
  return Object.fromEntries(
    Object.entries(whole)
      .map(([name, count]) => [name, Math.max(0, count - (part[name] ?? 0))] as const)
      .filter(([, count]) => count > 0),
  );
}

/** The figures that application and daemon have each. */
export type PartyFigure = {
  [Name in keyof Tally]: Tally[Name] extends { application: number | null; daemon: number | null } ? Name : never;
}[keyof Tally];

/** What a job cost beyond its fixed part: the same job of one I/O. Divided by `ios` of the outcome it is the cost of one I/O. */
export function minus(whole: Tally, fixed: Tally): Tally {
  const parties = (key: PartyFigure) => ({
    application: difference(whole[key].application, fixed[key].application),
    daemon: difference(whole[key].daemon, fixed[key].daemon),
  });
  return {
    ios: whole.ios - fixed.ios,
    syscalls: parties("syscalls"),
    userPageFaults: parties("userPageFaults"),
    contextSwitches: parties("contextSwitches"),
    cpuSeconds: parties("cpuSeconds"),
    voluntarySwitches: parties("voluntarySwitches"),
    switchesToIdle: parties("switchesToIdle"),
    migrations: parties("migrations"),
    interrupts: parties("interrupts"),
    applicationSyscallsByName: differences(whole.applicationSyscallsByName, fixed.applicationSyscallsByName),
    daemonSyscallsByName: differences(whole.daemonSyscallsByName, fixed.daemonSyscallsByName),
    requests: differences(whole.requests, fixed.requests),
    // Of the whole machine: a neighbour in the short job would be taken out of every sample. Its own part is a few hundred.
    idleEntries: whole.idleEntries,
    answersBySize: differences(whole.answersBySize, fixed.answersBySize),
    deviceReadsBySize: differences(whole.deviceReadsBySize, fixed.deviceReadsBySize),
  };
}
