import { closeSync } from "node:fs";
import { getSystemErrorName } from "node:util";
import {
  enablePerfEvent,
  openPerfEvent,
  type PerfEvent,
  type PerfTarget,
  readPerfEvent,
  setPerfFilter,
} from "../../linux/perf/perf-event.js";
import type { Unavailable } from "./tracepoint.js";

/** The count so far, or the reason why there is none. */
export type Reading<Value = number> = { readonly value: Value } | Unavailable;

/** One exact counter over one or more targets. A counter that missed anything has no count: it never guesses. */
export class Counter implements Disposable {
  #fds: number[] = [];
  #unavailable: string | null = null;

  /**
   * Starts to count.
   *
   * @param filter an expression over the tracepoint's fields, for instance `id == 17`
   */
  constructor(event: PerfEvent | Unavailable, targets: readonly PerfTarget[], filter?: string) {
    if ("unavailable" in event) {
      this.#unavailable = event.unavailable;
      return;
    }
    for (const target of targets) {
      const fd = openPerfEvent(event, target);
      if (fd >= 0) this.#fds.push(fd);
      const filtered = fd < 0 ? fd : filter === undefined ? 0 : setPerfFilter(fd, filter);
      const error = filtered < 0 || event.enableOnExec ? filtered : enablePerfEvent(fd);
      if (error < 0) {
        this[Symbol.dispose]();
        this.#unavailable = explain(error, event);
        return;
      }
    }
  }

  /** The sum over all targets and, where the event is inherited, over all that descend from them. */
  read(): Reading {
    if (this.#unavailable !== null) return { unavailable: this.#unavailable };
    let sum = 0;
    for (const fd of this.#fds) {
      const { count, enabledNs, runningNs } = readPerfEvent(fd);
      if (enabledNs !== runningNs) return { unavailable: "the kernel did not let the counter run all the time" };
      sum += count;
    }
    return { value: sum };
  }

  [Symbol.dispose](): void {
    for (const fd of this.#fds) closeSync(fd);
    this.#fds = [];
    this.#unavailable ??= "the counter is closed";
  }
}

/** The reason why the kernel refused a counter, from its `-errno`. */
export function explain(error: number, event?: Pick<PerfEvent, "inherit">): string {
  const name = getSystemErrorName(error);
  if (name === "EACCES" || name === "EPERM") return "perf_event_open needs root (or CAP_PERFMON)";
  if (name === "EMFILE") return "too many open files for one more counter (ulimit -n)";
  // A kernel refuses attributes that it doesn't know.
  if (name === "EINVAL" && event?.inherit === "threads") {
    return "the kernel can't tell the load from fio's own process: inherit_thread of perf_event_open(2) is of Linux 5.13";
  }
  return `perf_event_open failed with ${name}`;
}
