import { knownSyscalls, syscallNumber } from "../../linux/libc/syscall-numbers.js";
import type { Reading } from "./counter.js";
import { type CounterScope, ScopedCounter, tracepointEvent } from "./scoped-counter.js";

/** System calls of a process by name: the names that loads and filesystem daemons use, and the sum of all others. */
export class SyscallCounters implements Disposable {
  readonly #total: ScopedCounter;
  readonly #named: ReadonlyMap<string, ScopedCounter>;

  constructor(pid: number, scope: CounterScope) {
    const entry = tracepointEvent("raw_syscalls:sys_enter");
    this.#total = new ScopedCounter(pid, scope, entry);
    this.#named = new Map(
      knownSyscalls().map((name) => [name, new ScopedCounter(pid, scope, entry, `id == ${syscallNumber(name)}`)]),
    );
  }

  /** Names without a call are left out; `other` is the sum of the calls that have no counter of their own. */
  read(): Reading<Record<string, number>> {
    const counts: Record<string, number> = {};
    let named = 0;
    for (const [name, counter] of this.#named) {
      const reading = counter.read();
      if ("unavailable" in reading) return reading;
      if (reading.value !== 0) counts[name] = reading.value;
      named += reading.value;
    }
    const total = this.#total.read();
    if ("unavailable" in total) return total;
    if (total.value > named) counts.other = total.value - named;
    return { value: counts };
  }

  [Symbol.dispose](): void {
    this.#total[Symbol.dispose]();
    for (const counter of this.#named.values()) counter[Symbol.dispose]();
  }
}
