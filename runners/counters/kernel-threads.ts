import { readdirSync, readFileSync } from "node:fs";
import { readTask, type Task } from "./proc-figures.js";

/** kthreadd, the parent of every kernel thread: see kernel/kthread.c. */
const KTHREADD = 2;

/** Work of the kernel's own threads since this was made: workers, softirq threads, writeback. A thread that ended is missing. */
export class KernelThreads {
  readonly #start = readAll();

  /** Null where /proc does not tell, for instance in a container with processes of its own. */
  read(): Omit<Task, "voluntarySwitches"> | null {
    const now = readAll();
    if (now.size === 0) return null;
    const sum = { contextSwitches: 0, cpuSeconds: 0 };
    for (const [pid, task] of now) {
      const before = this.#start.get(pid) ?? { contextSwitches: 0, cpuSeconds: 0 };
      sum.contextSwitches += task.contextSwitches - before.contextSwitches;
      sum.cpuSeconds += task.cpuSeconds - before.cpuSeconds;
    }
    return sum;
  }
}

function readAll(): Map<number, Task> {
  const tasks = new Map<number, Task>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      // Field 4 of proc_pid_stat(5), after a name that may hold anything.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === KTHREADD) tasks.set(pid, readTask(`/proc/${pid}`));
    } catch {
      // It ended meanwhile.
    }
  }
  return tasks;
}
