import {
  PERF_COUNT_SW_CONTEXT_SWITCHES,
  PERF_COUNT_SW_PAGE_FAULTS,
  PERF_COUNT_SW_TASK_CLOCK,
  PERF_TYPE_SOFTWARE,
} from "../../linux/perf/perf-event.js";
import type { Reading } from "./counter.js";
import { ProcFigures, type ProcReading } from "./proc-figures.js";
import { figuresOf, NOT_TIMED, type ProcessFigures, type StandIns } from "./process-figures.js";
import { SchedulingCounters } from "./scheduling-counters.js";
import { type CounterScope, ScopedCounter, tracepointEvent } from "./scoped-counter.js";
import { SyscallCounters } from "./syscall-counters.js";

export type { ProcessFigures } from "./process-figures.js";

/**
 * Which counters to attach.
 *
 * "timed": what costs a load's reads nothing. Of a tree that is what /proc keeps anyway. Of "children", which have ended
 * when they are asked for, it is two software events; they cost where the scheduler switches, some 0.4 us a switch, so a
 * load that waits for a daemon at every read takes fio's own figures instead (see load-figures.ts).
 *
 * "counted": exact counters of everything. The tracepoints of system calls and page faults slow every system call of the
 * counted process: such runs give counts, never times.
 */
export type CounterSet = "timed" | "counted";

/** Counters of one process and what descends from it. */
export interface ProcessCounters extends Disposable {
  /** May be called while the process runs and, for exact counters, after it ended. */
  read(): ProcessFigures;
}

/**
 * Attaches counters to a process that has not executed its program yet (see stopped-process.ts): they count from its
 * exec on. Where the rights for exact counters are missing, /proc stands in for those that it knows.
 */
export function attachCounters(pid: number, set: CounterSet, scope: CounterScope = "tree"): ProcessCounters {
  return set === "timed" && scope === "tree" ? readingProc(pid) : attachExact(pid, set, scope);
}

const ENDED = { unavailable: "the process has ended, and /proc has forgotten it" };

function readingProc(pid: number): ProcessCounters {
  const proc = new ProcFigures(pid);
  return {
    read() {
      const reading = proc.read();
      const exact = reading !== null && reading.endedThreads === 0;
      const missing = { unavailable: `${reading?.endedThreads} of its threads ended` };
      const take = (value: number | undefined): Reading => (exact ? { value: value! } : reading === null ? ENDED : missing);
      return figuresOf(
        {
          ...NOT_TIMED,
          contextSwitches: take(reading?.contextSwitches),
          cpuSeconds: take(reading?.cpuSeconds),
        },
        reading === null ? {} : standIns(reading, "timed"),
      );
    },
    [Symbol.dispose]() {},
  };
}

function attachExact(pid: number, set: CounterSet, scope: CounterScope): ProcessCounters {
  const counters: Disposable[] = [];
  const use = <Counters extends Disposable>(opened: Counters): Counters => {
    counters.push(opened);
    return opened;
  };
  const software = (config: number) => use(new ScopedCounter(pid, scope, { type: PERF_TYPE_SOFTWARE, config }));
  const contextSwitches = software(PERF_COUNT_SW_CONTEXT_SWITCHES);
  const taskClockNs = software(PERF_COUNT_SW_TASK_CLOCK);
  const syscalls = set === "counted" ? use(new SyscallCounters(pid, scope)) : null;
  const userPageFaults = set === "counted" ? use(userPageFaultCounter(pid, scope)) : null;
  const scheduling = set === "counted" ? use(new SchedulingCounters(pid, scope)) : null;
  // /proc forgets the children that ended, and only they are wanted there.
  const proc = scope === "tree" ? new ProcFigures(pid) : null;

  return {
    read() {
      const clock = taskClockNs.read();
      const switches = contextSwitches.read();
      // Read only where it is needed: without the rights for the counters.
      const reading = "unavailable" in switches ? (proc?.read() ?? null) : null;
      return figuresOf(
        {
          ...NOT_TIMED,
          ...(syscalls === null ? {} : { syscalls: syscalls.readTotal(), syscallsByName: syscalls.readByName() }),
          ...(userPageFaults === null ? {} : { userPageFaults: userPageFaults.read() }),
          ...scheduling?.read(),
          contextSwitches: switches,
          cpuSeconds: "value" in clock ? { value: clock.value / 1e9 } : clock,
        },
        reading === null ? {} : standIns(reading, set),
      );
    },
    [Symbol.dispose]() {
      for (const counter of counters) counter[Symbol.dispose]();
    },
  };
}

/** arm64 has no such tracepoint. The software event counts the same faults, each once the kernel has handled it. */
function userPageFaultCounter(pid: number, scope: CounterScope): ScopedCounter {
  const fault = tracepointEvent("exceptions:page_fault_user");
  const handled = { type: PERF_TYPE_SOFTWARE, config: PERF_COUNT_SW_PAGE_FAULTS, excludeKernel: true };
  return new ScopedCounter(pid, scope, "unavailable" in fault ? handled : fault);
}

function standIns(proc: ProcReading, set: CounterSet): StandIns {
  const mark = "from /proc: without what threads did that have ended";
  return {
    contextSwitches: { value: proc.contextSwitches, mark },
    cpuSeconds: { value: proc.cpuSeconds, mark },
    ...(set === "counted"
      ? {
          voluntarySwitches: { value: proc.voluntarySwitches, mark },
          syscallsByName: {
            value: { "read*": proc.readCalls, "write*": proc.writeCalls },
            mark: "from /proc/PID/io: calls that read or write, no others",
          },
        }
      : {}),
  };
}
