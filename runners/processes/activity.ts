import { readCpuNs } from "../../linux/proc/cpu-time.js";
import { readProcessStat } from "../../linux/proc/process-stat.js";
import { threadsOf } from "../../linux/proc/process-tree.js";

/** The work of some processes so far. */
interface Activity {
  /** CPU time of all threads that live, in ns. */
  readonly cpuNs: number;
  /** A thread runs, waits for a CPU, or waits for a disk: on a busy host a process may work for long without CPU time. */
  readonly isBusy: boolean;
}

/** Reads the work of processes from /proc. Those that ended are left out. */
export function activityOf(pids: readonly number[]): Activity {
  let cpuNs = 0;
  let isBusy = false;
  for (const folder of pids.flatMap((pid) => threadsOf(pid).map((thread) => `/proc/${pid}/task/${thread}`))) {
    try {
      cpuNs += readCpuNs(folder);
      isBusy ||= /[RD]/.test(readProcessStat(folder).state);
    } catch {
      // It ended meanwhile.
    }
  }
  return { cpuNs, isBusy };
}
