import { PERF_COUNT_SW_CPU_MIGRATIONS, PERF_TYPE_SOFTWARE } from "../../linux/perf/perf-event.js";
import type { Reading } from "./counter.js";
import type { FigureReadings } from "./process-figures.js";
import { type CounterScope, ScopedCounter, tracepointEvent } from "./scoped-counter.js";

/**
 * Hardware interrupts: those of devices, which every architecture has, and x86's vectors of the local timer and of other
 * CPUs. perf can't restrict a kernel tracepoint to what interrupted user mode (`exclude_kernel` would drop it altogether).
 */
const INTERRUPTS = [
  "irq:irq_handler_entry",
  "irq_vectors:local_timer_entry",
  "irq_vectors:reschedule_entry",
  "irq_vectors:call_function_entry",
  "irq_vectors:call_function_single_entry",
  "irq_vectors:irq_work_entry",
];

/** The states of a task that waits (TASK_REPORT in include/linux/sched.h). One that was preempted has none of them. */
const WAITS = "prev_state & 127";

/** How a process gave its CPUs up, and what took them away for a moment. Costs every switch: for counted runs. */
export class SchedulingCounters implements Disposable {
  readonly #voluntary: ScopedCounter;
  readonly #toIdle: ScopedCounter;
  readonly #migrations: ScopedCounter;
  readonly #interrupts: readonly ScopedCounter[];

  constructor(pid: number, scope: CounterScope) {
    const leave = tracepointEvent("sched:sched_switch");
    this.#voluntary = new ScopedCounter(pid, scope, leave, WAITS);
    this.#toIdle = new ScopedCounter(pid, scope, leave, "next_pid == 0");
    this.#migrations = new ScopedCounter(pid, scope, { type: PERF_TYPE_SOFTWARE, config: PERF_COUNT_SW_CPU_MIGRATIONS });
    const events = INTERRUPTS.map(tracepointEvent);
    const known = events.filter((event) => !("unavailable" in event));
    // Where none is known, one of the unknown says why.
    this.#interrupts = (known.length > 0 ? known : events.slice(0, 1)).map((event) => new ScopedCounter(pid, scope, event));
  }

  read(): Pick<FigureReadings, "voluntarySwitches" | "switchesToIdle" | "migrations" | "interrupts"> {
    return {
      voluntarySwitches: this.#voluntary.read(),
      switchesToIdle: this.#toIdle.read(),
      migrations: this.#migrations.read(),
      interrupts: sumOf(this.#interrupts.map((counter) => counter.read())),
    };
  }

  [Symbol.dispose](): void {
    for (const counter of [this.#voluntary, this.#toIdle, this.#migrations, ...this.#interrupts]) counter[Symbol.dispose]();
  }
}

function sumOf(readings: readonly Reading[]): Reading {
  let value = 0;
  for (const reading of readings) {
    if ("unavailable" in reading) return reading;
    value += reading.value;
  }
  return { value };
}
