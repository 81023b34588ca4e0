import { readdirSync, readFileSync } from "node:fs";

/** The work of some processes so far. */
export interface Activity {
  /** CPU time of all threads that live, in ns (see Documentation/scheduler/sched-stats.rst). */
  readonly cpuNs: number;
  /** A thread runs, waits for a CPU, or waits for a disk: on a busy host a process may work for long without CPU time. */
  readonly isBusy: boolean;
}

/** Reads from /proc what processes have done and whether they are at work. Those that ended are left out. */
export function activityOf(pids: readonly number[]): Activity {
  let cpuNs = 0;
  let isBusy = false;
  for (const pid of pids) {
    try {
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const folder = `/proc/${pid}/task/${thread}`;
        cpuNs += Number(readFileSync(`${folder}/schedstat`, "utf8").split(" ")[0]);
        const stat = readFileSync(`${folder}/stat`, "utf8");
        // Field 3 of proc_pid_stat(5), after a name that may hold anything.
        if (/^[RD]/.test(stat.slice(stat.lastIndexOf(")") + 2))) isBusy = true;
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return { cpuNs, isBusy };
}
