import { readdirSync, readFileSync } from "node:fs";

/** The ids of all processes of this pid namespace. */
export function processIds(): number[] {
  return readdirSync("/proc").map(Number).filter(Number.isInteger);
}

/** The ids of a process's threads; none where it is gone. */
export function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

/** A process and all that descends from it, as far as every parent in between still lives; empty where it is gone. */
export function processTree(pid: number): number[] {
  const threads = threadsOf(pid);
  return threads.length === 0 ? [] : [pid, ...threads.flatMap((thread) => childrenOf(pid, thread)).flatMap(processTree)];
}

function childrenOf(pid: number, thread: number): number[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8");
    return list.split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
