import { readText } from "../../linux/proc/text-file.js";

/** The largest memory that a process has had, in KiB (VmHWM of proc_pid_status(5)). */
export function peakKiBOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readText(`/proc/${pid}/status`) ?? "")?.[1] ?? Number.NaN);
}
