import { readFileSync } from "node:fs";
import { readProcessStat } from "./process-stat.js";

/** USER_HZ, the unit of times in /proc: 100 on every architecture that Node runs on. */
export const TICKS_PER_SECOND = 100;

/**
 * The CPU time of a thread so far, in ns. Exact where the kernel keeps it so (CONFIG_SCHED_INFO,
 * Documentation/scheduler/sched-stats.rst), else in clock ticks.
 *
 * @param folder `/proc/PID` for the first thread, or `/proc/PID/task/TID`
 * @throws where the thread is gone
 */
export function readCpuNs(folder: string): number {
  const [runNs] = readFileSync(`${folder}/schedstat`, "utf8").split(" ");
  if (runNs !== "0") return Number(runNs);
  const { userTicks, systemTicks } = readProcessStat(folder);
  return ((userTicks + systemTicks) * 1e9) / TICKS_PER_SECOND;
}
