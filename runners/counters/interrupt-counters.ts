import type { Reading } from "./counter.js";
import { type CounterScope, ScopedCounter, tracepointEvent } from "./scoped-counter.js";

/**
 * Hardware interrupts: those of devices, which every architecture has, and x86's vectors of the local timer and of other
 * CPUs. perf can't restrict a kernel tracepoint to interrupts of user mode (`exclude_kernel` would drop it altogether).
 */
const INTERRUPTS = [
  "irq:irq_handler_entry",
  "irq_vectors:local_timer_entry",
  "irq_vectors:reschedule_entry",
  "irq_vectors:call_function_entry",
  "irq_vectors:call_function_single_entry",
  "irq_vectors:irq_work_entry",
];

/** Interrupts that hit a process and its descendants: the sum over the tracepoints that this kernel has. */
export class InterruptCounters implements Disposable {
  readonly #counters: readonly ScopedCounter[];

  constructor(pid: number, scope: CounterScope) {
    const events = INTERRUPTS.map(tracepointEvent);
    const known = events.filter((event) => !("unavailable" in event));
    // Where none is known, one of the unknown says why.
    this.#counters = (known.length > 0 ? known : events.slice(0, 1)).map((event) => new ScopedCounter(pid, scope, event));
  }

  read(): Reading {
    let value = 0;
    for (const counter of this.#counters) {
      const reading = counter.read();
      if ("unavailable" in reading) return reading;
      value += reading.value;
    }
    return { value };
  }

  [Symbol.dispose](): void {
    for (const counter of this.#counters) counter[Symbol.dispose]();
  }
}
