import { setTimeout as sleep } from "node:timers/promises";
import { isHere, type ProcessIdentity, startTicksOf } from "../../linux/proc/process-identity.js";
import { processIds, processTree } from "../../linux/proc/process-tree.js";
import { readText } from "../../linux/proc/text-file.js";
import { MARK } from "./mark.js";

/** A process that can't be mistaken for a later one of the same pid. */
interface Process {
  readonly pid: number;
  /** In clock ticks since boot. */
  readonly startTicks: string;
}

/** A start: its first process, and the mark in the environment of all that descend from it. */
export interface Start {
  readonly pid: number;
  readonly startTicks: string;
  readonly mark: string;
}

/** The processes with a mark in their environment. One that changed its user or replaced its environment is not seen. */
function markedWith(mark: string): number[] {
  const wanted = `${MARK}=${mark}`;
  return processIds().filter((pid) => readText(`/proc/${pid}/environ`)?.split("\0").includes(wanted));
}

/**
 * Every living process of a start. The tree alone would miss a daemon in the background and the jobs of a fio that died: their
 * parents are gone. A signal to the process group would miss both, since they have sessions of their own.
 */
export function processesOf({ pid, startTicks, mark }: Start): Process[] {
  const tree = startTicksOf(pid) === startTicks ? processTree(pid) : [];
  return [...new Set([...tree, ...markedWith(mark)])].flatMap((each) => {
    const ticks = startTicksOf(each);
    return ticks === null ? [] : [{ pid: each, startTicks: ticks }];
  });
}

/** Sends a signal to those that still live. */
export function signalAll(processes: readonly Process[], signal: NodeJS.Signals): void {
  for (const { pid, startTicks } of processes) {
    if (startTicksOf(pid) !== startTicks) continue;
    try {
      process.kill(pid, signal);
    } catch {
      // It ended meanwhile, or belongs to another user.
    }
  }
}

/** The time that the kernel may take to end a process after SIGKILL. */
const KILL_LIMIT_MS = 3000;

/**
 * Ends every process of a start: SIGTERM, and after the grace period SIGKILL. Children that appear meanwhile end too.
 *
 * @returns true once none is left
 */
export async function endProcesses(start: Start, graceMs: number): Promise<boolean> {
  const termMs = performance.now() + graceMs;
  const limitMs = termMs + KILL_LIMIT_MS;
  const asked = new Set<string>();
  let pauseMs = 5;
  for (let left = processesOf(start); left.length > 0; left = processesOf(start)) {
    const now = performance.now();
    if (now > limitMs) return false;
    if (now >= termMs) signalAll(left, "SIGKILL");
    else {
      const fresh = left.filter(({ pid, startTicks }) => !asked.has(`${pid} ${startTicks}`));
      for (const { pid, startTicks } of fresh) asked.add(`${pid} ${startTicks}`);
      signalAll(fresh, "SIGTERM");
      // A stopped process takes SIGTERM only once it goes on.
      signalAll(fresh, "SIGCONT");
    }
    await sleep(pauseMs);
    // Reading every process of the host costs some ms.
    pauseMs = Math.min(pauseMs * 2, 100);
  }
  return true;
}

/** The start that a note of a killed command names, as far as its pid still means the same process. */
export function startOf(process: ProcessIdentity | null, mark: string): Start {
  return process !== null && isHere(process) ? { ...process, mark } : { pid: -1, startTicks: "", mark };
}
