import { readFileSync } from "node:fs";
import { readCpuNs } from "../../linux/proc/cpu-time.js";
import { processTree, threadsOf } from "../../linux/proc/process-tree.js";

/** The figures of a process and all that descends from it, from /proc, since a ProcFigures was made. */
export interface ProcReading {
  readonly contextSwitches: number;
  readonly voluntarySwitches: number;
  readonly cpuSeconds: number;
  /** Calls that read and calls that write, whatever their names (`syscr` and `syscw` of proc_pid_io(5)). */
  readonly readCalls: number;
  readonly writeCalls: number;
  /** Threads that were seen and then ended. Their work after the last look is missing. */
  readonly endedThreads: number;
}

/** The figures of one task from /proc. */
export interface Task {
  readonly contextSwitches: number;
  /** The part of them in which the task went to wait. */
  readonly voluntarySwitches: number;
  readonly cpuSeconds: number;
}

interface Process {
  readonly readCalls: number;
  readonly writeCalls: number;
}

/** Reads a process tree in /proc again and again. The kernel keeps these figures anyway, so reading slows nothing down. */
export class ProcFigures {
  readonly #pid: number;
  /** The last figures of each thread, by thread id, and of each process. */
  readonly #tasks = new Map<number, Task>();
  readonly #processes = new Map<number, Process>();
  readonly #start: ProcReading | null;

  constructor(pid: number) {
    this.#pid = pid;
    this.#start = this.#readAll();
  }

  /** Null once the process has ended. */
  read(): ProcReading | null {
    const now = this.#readAll();
    if (now === null || this.#start === null) return null;
    return {
      contextSwitches: now.contextSwitches - this.#start.contextSwitches,
      voluntarySwitches: now.voluntarySwitches - this.#start.voluntarySwitches,
      cpuSeconds: now.cpuSeconds - this.#start.cpuSeconds,
      readCalls: now.readCalls - this.#start.readCalls,
      writeCalls: now.writeCalls - this.#start.writeCalls,
      endedThreads: now.endedThreads,
    };
  }

  #readAll(): ProcReading | null {
    const alive = new Set<number>();
    for (const pid of processTree(this.#pid)) this.#visit(pid, alive);
    if (!alive.has(this.#pid)) return null;
    const tasks = [...this.#tasks.values()];
    const processes = [...this.#processes.values()];
    return {
      contextSwitches: tasks.reduce((sum, task) => sum + task.contextSwitches, 0),
      voluntarySwitches: tasks.reduce((sum, task) => sum + task.voluntarySwitches, 0),
      cpuSeconds: tasks.reduce((sum, task) => sum + task.cpuSeconds, 0),
      readCalls: processes.reduce((sum, one) => sum + one.readCalls, 0),
      writeCalls: processes.reduce((sum, one) => sum + one.writeCalls, 0),
      endedThreads: [...this.#tasks.keys()].filter((thread) => !alive.has(thread)).length,
    };
  }

  #visit(pid: number, alive: Set<number>): void {
    try {
      this.#processes.set(pid, readProcess(pid));
      for (const thread of threadsOf(pid)) {
        this.#tasks.set(thread, readTask(`/proc/${pid}/task/${thread}`));
        alive.add(thread);
      }
    } catch {
      // It ended meanwhile, or is another user's.
    }
  }
}

/** @param folder `/proc/PID`, or `/proc/PID/task/TID` */
export function readTask(folder: string): Task {
  const status = readFileSync(`${folder}/status`, "utf8");
  const voluntarySwitches = Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status)?.[1]);
  const involuntarySwitches = Number(/^nonvoluntary_ctxt_switches:\s+(\d+)$/m.exec(status)?.[1]);
  return {
    contextSwitches: voluntarySwitches + involuntarySwitches,
    voluntarySwitches,
    cpuSeconds: readCpuNs(folder) / 1e9,
  };
}

function readProcess(pid: number): Process {
  const io = readFileSync(`/proc/${pid}/io`, "utf8");
  return {
    readCalls: Number(/^syscr: (\d+)$/m.exec(io)?.[1]),
    writeCalls: Number(/^syscw: (\d+)$/m.exec(io)?.[1]),
  };
}
