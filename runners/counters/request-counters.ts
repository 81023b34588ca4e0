import { onlineCpus } from "../../linux/proc/cpu-list.js";
import { Counter } from "./counter.js";
import type { CounterSet } from "./process-counters.js";
import { cpuWideEvent, findTracepoint } from "./tracepoint.js";

/** Requests of one FUSE connection by opcode (`READ`, not `FUSE_READ`), so far. */
interface RequestFigures {
  /**
   * Null where requests can't be counted. Opcodes without a request are left out. Those without a counter of their own are summed
   * up as `other`, except in a timed run, which has READ alone.
   */
  readonly requests: Readonly<Record<string, number>> | null;
  /** The reason of a null; else null. */
  readonly reason: string | null;
}

export interface RequestCounters extends Disposable {
  read(): RequestFigures;
}

/**
 * The opcodes that are counted apart. Each costs a request about 0.1 us, so a timed run counts READ alone. FORGET,
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
 * Counts the requests that the kernel sends over one connection, from every task: readahead may run in another one than the
 * reader. It works with any daemon, and takes one descriptor for each opcode and CPU.
 *
 * @param connection the minor device number of the mount, as in /sys/fs/fuse/connections: read before the unmount, after
 *   which another mount may get it
 * @param opcodes a set of counters, or the opcodes to count apart
 */
export function countRequests(connection: number, opcodes: CounterSet | readonly string[] = "counted"): RequestCounters {
  const wanted = typeof opcodes === "string" ? OPCODES[opcodes] : opcodes;
  const tracepoint = findTracepoint("fuse:fuse_request_send");
  const names = "unavailable" in tracepoint ? new Map<string, number>() : opcodeNumbers(tracepoint.format);
  const event = cpuWideEvent(tracepoint);
  const cpus = onlineCpus().map((cpu) => ({ cpu }));
  const ofConnection = `connection == ${connection}`;
  // In a timed run one more counter would cost every request, and other opcodes are of no use.
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
