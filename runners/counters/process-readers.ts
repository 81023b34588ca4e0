import {
  PERF_COUNT_SW_CONTEXT_SWITCHES,
  PERF_COUNT_SW_CPU_MIGRATIONS,
  PERF_COUNT_SW_PAGE_FAULTS,
  PERF_COUNT_SW_TASK_CLOCK,
  PERF_TYPE_SOFTWARE,
} from "../../linux/perf/perf-event.js";
import type { PartyFigure, ValueOf } from "../../results/index.js";
import type { Reading } from "./counter.js";
import { InterruptCounters } from "./interrupt-counters.js";
import { type CountedEvent, type CounterScope, ScopedCounter, tracepointEvent } from "./scoped-counter.js";
import { SyscallCounters } from "./syscall-counters.js";

/** A figure of a process, from the exec of the process on. */
export interface FigureReader<Value> extends Disposable {
  read(): Reading<Value>;
}

/** Attaches a reader to a process that has not executed its program yet. */
type Attach<Value> = (pid: number, scope: CounterScope) => FigureReader<Value>;

const event =
  (what: () => ConstructorParameters<typeof ScopedCounter>[2], filter?: string): Attach<number> =>
  (pid, scope) =>
    new ScopedCounter(pid, scope, what(), filter);

const software = (config: number) => event(() => ({ type: PERF_TYPE_SOFTWARE, config }));
const tracepoint = (name: string, filter?: string) => event(() => tracepointEvent(name), filter);

/** The states of a task that waits (TASK_REPORT in include/linux/sched.h). One that was preempted has none of them. */
const WAITS = "prev_state & 127";

/** arm64 has no such tracepoint. The software event counts the same faults, each once the kernel has handled it. */
function userPageFault(): ReturnType<typeof tracepointEvent> {
  const handled: CountedEvent = { type: PERF_TYPE_SOFTWARE, config: PERF_COUNT_SW_PAGE_FAULTS, excludeKernel: true };
  const fault = tracepointEvent("exceptions:page_fault_user");
  return "unavailable" in fault ? handled : fault;
}

/** Time on a CPU: the kernel's clock of the task, in ns. */
function cpuSeconds(pid: number, scope: CounterScope): FigureReader<number> {
  const clockNs = software(PERF_COUNT_SW_TASK_CLOCK)(pid, scope);
  return {
    read() {
      const reading = clockNs.read();
      return "value" in reading ? { value: reading.value / 1e9 } : reading;
    },
    [Symbol.dispose]: () => clockNs[Symbol.dispose](),
  };
}

/**
 * The exact reader of each figure of a party. The tracepoints slow each call or switch of the process: only counted runs attach
 * them, see the registry's `runs`.
 */
export const processReaders: { readonly [Key in PartyFigure]: Attach<ValueOf<Key>> } = {
  syscalls: tracepoint("raw_syscalls:sys_enter"),
  userPageFaults: event(userPageFault),
  contextSwitches: software(PERF_COUNT_SW_CONTEXT_SWITCHES),
  voluntarySwitches: tracepoint("sched:sched_switch", WAITS),
  switchesToIdle: tracepoint("sched:sched_switch", "next_pid == 0"),
  migrations: software(PERF_COUNT_SW_CPU_MIGRATIONS),
  wakeUpsSent: tracepoint("sched:sched_waking"),
  interrupts: (pid, scope) => new InterruptCounters(pid, scope),
  cpuSeconds,
  syscallsByName: (pid, scope) => new SyscallCounters(pid, scope),
};
