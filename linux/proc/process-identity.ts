import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Names one process for as long as the machine is up: a pid alone is used again. */
export interface ProcessIdentity {
  readonly bootId: string;
  readonly pid: number;
  /** Whose pid it is: see pid_namespaces(7). Absent in notes of earlier versions. */
  readonly pidNamespace?: string | undefined;
  /** In clock ticks since boot: field 22 of proc_pid_stat(5). */
  readonly startTicks: string;
}

export function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** Null where there is no such process. */
function startTicksOf(pid: number): string | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything; behind it comes field 3.
    return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

export function ownIdentity(): ProcessIdentity {
  return {
    bootId: bootId(),
    pid: process.pid,
    pidNamespace: namespaceOf("self") ?? "",
    startTicks: startTicksOf(process.pid) ?? "",
  };
}

function namespaceOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return null;
  }
}

/** The first namespace, from which the processes of all others are seen (PROC_PID_INIT_INO in include/linux/proc_ns.h). */
const INITIAL = "pid:[4026531836]";

/** A process of another pid namespace counts as alive where it can't be told: a container does not see what goes on outside of it. */
export function isAlive({ pid, pidNamespace, startTicks }: ProcessIdentity): boolean {
  const own = namespaceOf("self");
  if (pidNamespace === undefined || pidNamespace === own) return startTicksOf(pid) === startTicks;
  return own !== INITIAL || readdirSync("/proc").some((name) => /^\d+$/.test(name) && namespaceOf(name) === pidNamespace);
}
