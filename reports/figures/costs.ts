import type { Cell, CountsByName } from "../../results/index.js";
import { type Count, countOf, requestsOf } from "./count.js";
import { byNamePerOperation, type Figure, isMissing, perOperation } from "./per-operation.js";
import { timedIn } from "./samples.js";

/** The counts of one operation that every report shows. */
export const costCounts = {
  applicationSyscalls: countOf("syscalls", "application"),
  applicationPageFaults: countOf("userPageFaults", "application"),
  daemonSyscalls: countOf("syscalls", "daemon"),
  daemonPageFaults: countOf("userPageFaults", "daemon"),
  applicationSwitches: countOf("contextSwitches", "application"),
  daemonSwitches: countOf("contextSwitches", "daemon"),
  readRequests: requestsOf("READ"),
} as const satisfies Record<string, Count>;

export type CostCount = keyof typeof costCounts;

/** The cost of one operation in transitions, switches, requests and CPU time. The startup overhead of the load is not in it. */
export interface Costs extends Readonly<Record<CostCount, Figure>> {
  /** Microseconds, of the application and the daemon together. */
  readonly cpuUs: Figure;
  /** System calls by name; null where they were not counted. */
  readonly applicationSyscallsByName: Readonly<CountsByName> | null;
  readonly daemonSyscallsByName: Readonly<CountsByName> | null;
}

const CPU_LOST = "the load takes less CPU time than its startup overhead varies by";
const CPU_UNKNOWN = "the CPU time of both processes is not known: see the warnings";

function cpuUsOf(cell: Cell): Figure {
  const seconds = perOperation(cell, countOf("cpuSeconds", "both"));
  if (isMissing(seconds)) return timedIn(cell).length === 0 ? seconds : { applies: true, reason: CPU_UNKNOWN };
  // Every operation takes CPU time: where the startup overhead took it all out, nothing is known of it.
  return seconds === 0 ? { applies: true, reason: CPU_LOST } : seconds * 1e6;
}

/** The costs of one operation in a cell: counts from its counted runs, CPU time from its timed ones. */
export function costsOf(cell: Cell): Costs {
  const counts = Object.entries(costCounts).map(([name, count]) => [name, perOperation(cell, count)]);
  return {
    ...(Object.fromEntries(counts) as Record<CostCount, Figure>),
    cpuUs: cpuUsOf(cell),
    applicationSyscallsByName: byNamePerOperation(cell, "syscallsByName", "application"),
    daemonSyscallsByName: byNamePerOperation(cell, "syscallsByName", "daemon"),
  };
}
