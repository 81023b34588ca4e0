import { readFileSync, readlinkSync } from "node:fs";
import { readProcessStat } from "./process-stat.js";
import { processIds } from "./process-tree.js";

/** Names one process for as long as the machine is up: a pid alone is used again. */
export interface ProcessIdentity {
  readonly bootId: string;
  readonly pid: number;
  /** The namespace of the pid: see pid_namespaces(7). Absent in notes of earlier versions. */
  readonly pidNamespace?: string | undefined;
  /** In clock ticks since boot. */
  readonly startTicks: string;
}

export function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** The start time of a process in clock ticks since boot; null for one that is gone or waits as a zombie to be reaped. */
export function startTicksOf(pid: number): string | null {
  try {
    const { state, startTicks } = readProcessStat(`/proc/${pid}`);
    return state === "Z" || state === "X" ? null : startTicks;
  } catch {
    return null;
  }
}

/** The identity of a living process of this pid namespace; null where there is none. */
export function identityOf(pid: number): ProcessIdentity | null {
  const startTicks = startTicksOf(pid);
  return startTicks === null ? null : { bootId: bootId(), pid, pidNamespace: namespaceOf("self") ?? "", startTicks };
}

/** @throws where /proc is not mounted */
export function ownIdentity(): ProcessIdentity {
  const identity = identityOf(process.pid);
  if (identity === null) throw new Error("/proc does not show this process");
  return identity;
}

function namespaceOf(pid: number | "self"): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return null;
  }
}

/** The first namespace, from which the processes of all others are seen (PROC_PID_INIT_INO in include/linux/proc_ns.h). */
const INITIAL = "pid:[4026531836]";

/** True where the pid is one of this process's own namespace and names the same process still. */
export function isHere({ bootId: boot, pid, pidNamespace, startTicks }: ProcessIdentity): boolean {
  const isOwn = pidNamespace === undefined || pidNamespace === namespaceOf("self");
  return isOwn && boot === bootId() && startTicksOf(pid) === startTicks;
}

/**
 * True while a process lives. One of another pid namespace counts as alive where that can't be told: a container does not see
 * the processes outside of it.
 */
export function isAlive(identity: ProcessIdentity): boolean {
  const { bootId: boot, pidNamespace } = identity;
  if (boot !== bootId()) return false;
  const own = namespaceOf("self");
  if (pidNamespace === undefined || pidNamespace === own) return isHere(identity);
  return own !== INITIAL || processIds().some((pid) => namespaceOf(pid) === pidNamespace);
}
