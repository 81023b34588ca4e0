import { readdirSync, readFileSync } from "node:fs";

/** The figures that /proc has of a process and all that descends from it, since a ProcFigures was made. */
export interface ProcReading {
  readonly contextSwitches: number;
  readonly voluntarySwitches: number;
  readonly cpuSeconds: number;
  /** Calls that read and calls that write, whatever their names (`syscr` and `syscw` of proc_pid_io(5)). */
  readonly readCalls: number;
  readonly writeCalls: number;
  /** Threads that were seen and then ended: what they did after they were last seen is missing. */
  readonly endedThreads: number;
}

/** USER_HZ, the unit of times in /proc: 100 on every architecture that Node runs on. */
export const TICKS_PER_SECOND = 100;

/** The figures that /proc has of one task. */
export interface Task {
  readonly contextSwitches: number;
  /** Those of them in which it went to wait. */
  readonly voluntarySwitches: number;
  readonly cpuSeconds: number;
}

interface Process {
  readonly readCalls: number;
  readonly writeCalls: number;
}

/** Reads a process tree in /proc again and again. The kernel keeps these figures anyway: nothing becomes slower by it. */
export class ProcFigures {
  readonly #pid: number;
  /** By thread id, and by process id: what each had when last seen. */
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
    this.#visit(this.#pid, alive);
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
      for (const thread of readdirSync(`/proc/${pid}/task`).map(Number)) {
        const folder = `/proc/${pid}/task/${thread}`;
        this.#tasks.set(thread, readTask(folder));
        alive.add(thread);
        for (const child of readFileSync(`${folder}/children`, "utf8").split(" ").filter(Boolean)) {
          this.#visit(Number(child), alive);
        }
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
    cpuSeconds: readCpuSeconds(folder),
  };
}

/** Exact to the ns where the kernel keeps it (CONFIG_SCHED_INFO, Documentation/scheduler/sched-stats.rst), else in ticks. */
function readCpuSeconds(folder: string): number {
  const [runNs] = readFileSync(`${folder}/schedstat`, "utf8").split(" ");
  if (runNs !== "0") return Number(runNs) / 1e9;
  const stat = readFileSync(`${folder}/stat`, "utf8");
  // utime and stime, fields 14 and 15 of proc_pid_stat(5); the name, field 2, ends with the last parenthesis.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function readProcess(pid: number): Process {
  const io = readFileSync(`/proc/${pid}/io`, "utf8");
  return {
    readCalls: Number(/^syscr: (\d+)$/m.exec(io)?.[1]),
    writeCalls: Number(/^syscw: (\d+)$/m.exec(io)?.[1]),
  };
}
