import { PERF_TYPE_TRACEPOINT, type PerfEvent } from "../../linux/perf/perf-event.js";
import { Counter, type Reading } from "./counter.js";
import { findTracepoint, type Unavailable } from "./tracepoint.js";

/**
 * The tasks to count. "tree": the process, its threads and all that descends from it. "children": all that descends from it,
 * without its own threads. That is the load inside fio, whose main process polls for as long as the load runs: a hundred
 * times a second it looks for a trigger file and sleeps, and a helper thread wakes up by timer.
 */
export type CounterScope = "tree" | "children";

/** An event. The kernel's part is included unless it says otherwise. */
export type CountedEvent = Pick<PerfEvent, "type" | "config"> & { readonly excludeKernel?: boolean };

/** One event of a process and its descendants, from the exec of the process on. */
export class ScopedCounter implements Disposable {
  readonly #all: Counter;
  /** The count of the process's own threads, to be subtracted; null where they belong to the scope. */
  readonly #own: Counter | null;

  constructor(pid: number, scope: CounterScope, event: CountedEvent | Unavailable, filter?: string) {
    const open = (inherit: PerfEvent["inherit"]) =>
      new Counter(
        "unavailable" in event ? event : { excludeKernel: false, ...event, inherit, enableOnExec: true },
        [{ pid }],
        filter,
      );
    this.#all = open("tree");
    this.#own = scope === "children" ? open("threads") : null;
  }

  read(): Reading {
    // The part first: it can't then exceed the whole while both still count.
    const own = this.#own?.read() ?? { value: 0 };
    const all = this.#all.read();
    if ("unavailable" in own) return own;
    return "unavailable" in all ? all : { value: all.value - own.value };
  }

  [Symbol.dispose](): void {
    this.#all[Symbol.dispose]();
    this.#own?.[Symbol.dispose]();
  }
}

/** A tracepoint as an event, by its name. */
export function tracepointEvent(name: string): CountedEvent | Unavailable {
  const tracepoint = findTracepoint(name);
  return "unavailable" in tracepoint ? tracepoint : { type: PERF_TYPE_TRACEPOINT, config: tracepoint.id };
}
