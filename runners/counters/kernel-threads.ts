import { readProcessStat } from "../../linux/proc/process-stat.js";
import { processIds } from "../../linux/proc/process-tree.js";
import { readTask, type Task } from "./proc-figures.js";

/** kthreadd, the parent of every kernel thread: see kernel/kthread.c. */
const KTHREADD = 2;

/** The work of the kernel's own threads since this was made: workers, softirq threads, writeback. A thread that ended is missing. */
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
  for (const pid of processIds()) {
    try {
      if (readProcessStat(`/proc/${pid}`).parent === KTHREADD) tasks.set(pid, readTask(`/proc/${pid}`));
    } catch {
      // It ended meanwhile.
    }
  }
  return tasks;
}
