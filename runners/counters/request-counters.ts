import { PERF_TYPE_TRACEPOINT, type PerfEvent } from "../../linux/perf/perf-event.js";
import { onlineCpus } from "../../linux/proc/cpu-list.js";
import { Counter } from "./counter.js";
import type { CounterSet } from "./process-counters.js";
import { findTracepoint, type Unavailable } from "./tracepoint.js";

/** Requests of one FUSE connection by opcode (`READ`, not `FUSE_READ`), so far. */
interface RequestFigures {
  /**
   * Null where they can't be counted. Opcodes without a request are left out; those that nobody asked for are summed up as
   * `other`, except in a timed run, which has READ alone.
   */
  readonly requests: Readonly<Record<string, number>> | null;
  /** The reason why they can't be counted; null where they are. */
  readonly reason: string | null;
}

export interface RequestCounters extends Disposable {
  read(): RequestFigures;
}

/**
 * The requests that are told apart. Each opcode costs a request about 0.1 us, so a timed run asks for READ alone. FORGET,
 * BATCH_FORGET and INTERRUPT are missing: the kernel queues these without a request, and its tracepoint never sees them.
 */
const OPCODES: Readonly<Record<CounterSet, readonly string[]>> = {
  timed: ["READ"],
  counted: [
    "LOOKUP",
    "GETATTR",
    "OPEN",
    "READ",
    "STATFS",
    "RELEASE",
    "GETXATTR",
    "FLUSH",
    "OPENDIR",
    "RELEASEDIR",
    "ACCESS",
    "READDIRPLUS",
  ],
};

/**
 * Counts the requests that the kernel sends over one connection, whichever task sends them: readahead may come from
 * another one than the reader. Any daemon can be counted so. One descriptor for each opcode and CPU.
 *
 * @param connection the minor device number of the mount, as in /sys/fs/fuse/connections: read before the unmount, after
 *   which another mount may get it
 * @param opcodes a set of counters, or the opcodes to tell apart
 */
export function countRequests(connection: number, opcodes: CounterSet | readonly string[] = "counted"): RequestCounters {
  const wanted = typeof opcodes === "string" ? OPCODES[opcodes] : opcodes;
  const tracepoint = findTracepoint("fuse:fuse_request_send");
  const names = "unavailable" in tracepoint ? new Map<string, number>() : opcodeNumbers(tracepoint.format);
  const event: PerfEvent | Unavailable =
    "unavailable" in tracepoint
      ? tracepoint
      : { type: PERF_TYPE_TRACEPOINT, config: tracepoint.id, inherit: "none", enableOnExec: false, excludeKernel: false };
  const cpus = onlineCpus().map((cpu) => ({ cpu }));
  const ofConnection = `connection == ${connection}`;
  // In a timed run one more counter would cost every request; what isn't a READ is of no use there.
  const total = opcodes === "timed" ? null : new Counter(event, cpus, ofConnection);
  const named = wanted.map((name) => {
    const known = "unavailable" in event || names.has(name) ? event : { unavailable: `the kernel knows no request ${name}` };
    return { name, counter: new Counter(known, cpus, `${ofConnection} && opcode == ${names.get(name)}`) };
  });

  return {
    read() {
      const requests: Record<string, number> = {};
      let sum = 0;
      for (const { name, counter } of named) {
        const reading = counter.read();
        if ("unavailable" in reading) return { requests: null, reason: reading.unavailable };
        if (reading.value !== 0) requests[name] = reading.value;
        sum += reading.value;
      }
      const all = total?.read() ?? { value: sum };
      if ("unavailable" in all) return { requests: null, reason: all.unavailable };
      if (all.value > sum) requests.other = all.value - sum;
      return { requests, reason: null };
    },
    [Symbol.dispose]() {
      total?.[Symbol.dispose]();
      for (const { counter } of named) counter[Symbol.dispose]();
    },
  };
}

/** The kernel's own table in the tracepoint's print format: `{15, "FUSE_READ"}`. */
function opcodeNumbers(format: string): Map<string, number> {
  return new Map([...format.matchAll(/\{(\d+), "FUSE_(\w+)"\}/g)].map(([, number, name]) => [name!, Number(number)]));
}
