import { z } from "zod";

/** A number that can't be negative. */
export const count = z.number().nonnegative();

/** Counts by name: of system calls, of FUSE opcodes, of classes of size by their upper bound in bytes. */
export const countsByName = z.record(z.string(), count);

/** The two sides of a sample whose processes are counted apart: the load, and what serves its files. */
export const parties = ["application", "daemon"] as const;
export type Party = (typeof parties)[number];

/** The two runs of a cell in one block: the one gives times, the other has every counter attached. */
export type RunKind = "timed" | "counted";

/**
 * The way in which the startup overhead (the same job of one operation) is taken out of a figure:
 * - "exact": subtracted. The figure follows from the program, so a startup overhead larger than the whole leaves it unknown.
 * - "noisy": subtracted. Neighbours change the figure, so a small negative difference is 0.
 * - "machine": subtracted, never unknown. The figure is the machine's: a neighbour in the short job says nothing of the long one.
 * - "kept": recorded with the startup overhead and not subtracted.
 * - "none": no part of the startup overhead.
 */
type Startup = "exact" | "noisy" | "machine" | "kept" | "none";

/** A figure in the table about waiting: the form of its column. */
type WaitingForm = "voluntary + involuntary" | "percent of switches" | "per 1000 operations" | "p50 / p99" | "by size";

/** One figure of a sample. Schema, subtraction, samples, CSV columns and the table about waiting follow from its row. */
interface FigureRow {
  /** A plural noun for tables and warnings. A party's name may stand before it. */
  readonly label: string;
  /** The unit of its numbers; each number of an object has the unit in its own name. */
  readonly unit: "count" | "seconds" | "joules" | "bytes" | "in the names";
  /** "party": a value of each party. "mount": one of the FUSE mount, which native has not. "system": one of the machine or the device. */
  readonly of: "party" | "mount" | "system";
  /** A number, counts by name, or an object of numbers. Every figure may be null: not known. */
  readonly value: z.ZodType;
  /** The samples that have it. */
  readonly runs: RunKind | "both";
  readonly startup: Startup;
  /** The column of `samples.csv`, behind `application_` or `daemon_` for a party's; of an object, a column for each number that is shown. */
  readonly csv: string | Readonly<Record<string, string>>;
  /** The place in `run.json`, where it isn't the key, or the key and the party below it. */
  readonly path?: string;
  /**
   * A way from user mode into the kernel. A sample of `run.json` holds these party by party, below `transitions`; `samples.csv` has
   * a column of their startup overhead.
   */
  readonly isTransition?: true;
  /** A column in the table about waiting, and the note that explains it. */
  readonly waiting?: { readonly form: WaitingForm; readonly header: string; readonly note: string };
  /** Added after the first release: its columns stand behind all that older versions wrote. */
  readonly isLater?: true;
}

/**
 * The registry of figures. A new counter is a row here and a reader in `runners/counters`: a row of `process-readers.ts` for a
 * party's figure, of `load-readers.ts` for the system's.
 */
export const registry = {
  syscalls: {
    label: "system calls",
    unit: "count",
    of: "party",
    value: count,
    runs: "counted",
    startup: "exact",
    csv: "syscalls",
    isTransition: true,
  },
  /** Page faults taken in user mode. */
  userPageFaults: {
    label: "page faults",
    unit: "count",
    of: "party",
    value: count,
    runs: "counted",
    startup: "exact",
    csv: "page_faults",
    isTransition: true,
  },
  /** A task gave the CPU up, or lost it. */
  contextSwitches: {
    label: "context switches",
    unit: "count",
    of: "party",
    value: count,
    runs: "both",
    startup: "noisy",
    csv: "context_switches",
  },
  systemContextSwitches: {
    label: "context switches of the machine",
    unit: "count",
    of: "system",
    value: count,
    runs: "both",
    startup: "none",
    csv: "system_context_switches",
    path: "contextSwitches.system",
  },
  /** Switches in which the task had to wait; in the others it was preempted, or yielded. */
  voluntarySwitches: {
    label: "voluntary switches",
    unit: "count",
    of: "party",
    value: count,
    runs: "counted",
    startup: "noisy",
    csv: "voluntary_switches",
    waiting: {
      form: "voluntary + involuntary",
      header: "cs v+i",
      note: "cs v+i: context switches of one operation, voluntary + involuntary.",
    },
  },
  /** Nobody else wanted this CPU, so what the task waits for is on another one, or in a device. */
  switchesToIdle: {
    label: "switches to idle",
    unit: "count",
    of: "party",
    value: count,
    runs: "counted",
    startup: "noisy",
    csv: "switches_to_idle",
    waiting: {
      form: "percent of switches",
      header: "to idle %",
      note: "to idle: the part of the switches that left the CPU without work, so that the other side is on another core, or is a device.",
    },
  },
  /** A task went on on another CPU. */
  migrations: {
    label: "migrations",
    unit: "count",
    of: "party",
    value: count,
    runs: "counted",
    startup: "noisy",
    csv: "migrations",
    waiting: {
      form: "per 1000 operations",
      header: "migrations / 1000",
      note: "migrations: of 1000 operations, of both parties.",
    },
  },
  /** Hardware interrupts while a task ran (devices, timer, other CPUs), in user mode or in the kernel: the tracepoints don't tell. */
  interrupts: {
    label: "interrupts",
    unit: "count",
    of: "party",
    value: count,
    runs: "counted",
    startup: "noisy",
    csv: "interrupts",
    waiting: {
      form: "per 1000 operations",
      header: "interrupts / 1000",
      note: "interrupts: of 1000 operations, of both parties; one may have hit user mode or the kernel.",
    },
  },
  /** A task of the party woke another one that slept, or sent that wake-up to another CPU. Counted where the waker runs. */
  wakeUpsSent: {
    label: "wake-ups sent",
    unit: "count",
    of: "party",
    value: count,
    runs: "counted",
    startup: "noisy",
    csv: "wake_ups_sent",
    isLater: true,
    waiting: {
      form: "per 1000 operations",
      header: "wake-ups / 1000",
      note: "wake-ups: sent by both parties, of 1000 operations; one that an interrupt sends is its task's, whatever it ran for.",
    },
  },
  /** FUSE requests by opcode, as the kernel's tracepoint saw them. Null where no FUSE mount or no tracepoint. */
  requests: {
    label: "requests",
    unit: "count",
    of: "mount",
    value: countsByName,
    runs: "both",
    startup: "exact",
    csv: "requests_by_opcode",
  },
  /** A CPU of this machine went idle, whoever caused it: a waiter that is woken then wakes a CPU as well. */
  idleEntries: {
    label: "entries into idleness",
    unit: "count",
    of: "system",
    value: count,
    runs: "timed",
    // A neighbour in the short job would be taken out of every sample; its own part is a few hundred.
    startup: "kept",
    csv: "idle_entries",
    isLater: true,
  },
  /** Time on a CPU in user mode and in the kernel. Exact counters include the time that a hypervisor steals meanwhile. */
  cpuSeconds: {
    label: "CPU seconds",
    unit: "seconds",
    of: "party",
    value: count,
    runs: "timed",
    startup: "noisy",
    csv: "cpu_seconds",
  },
  systemCpuSeconds: {
    label: "CPU seconds of the machine",
    unit: "seconds",
    of: "system",
    value: count,
    runs: "timed",
    startup: "none",
    csv: "system_cpu_seconds",
    path: "cpuSeconds.system",
  },
  /** Energy of all processor packages, whoever used it, by their own counters. Null where the host has none. */
  energyJoules: {
    label: "joules of the processor",
    unit: "joules",
    of: "system",
    value: count,
    runs: "timed",
    startup: "none",
    csv: "energy_joules",
    isLater: true,
  },
  /** Work of the kernel's own threads (workers, softirqs, writeback) during a load, for whomever. */
  kernelThreads: {
    label: "kernel threads",
    unit: "in the names",
    of: "system",
    value: z.object({ contextSwitches: count, cpuSeconds: count }),
    runs: "both",
    startup: "none",
    csv: { contextSwitches: "kernel_threads_context_switches", cpuSeconds: "kernel_threads_cpu_seconds" },
  },
  /** Bytes that the device under the source tree read. */
  deviceReadBytes: {
    label: "bytes read by the device",
    unit: "bytes",
    of: "system",
    value: count,
    runs: "timed",
    startup: "none",
    csv: "device_read_bytes",
  },
  /** Requests of the device under the source tree, and how long they took, one beside the other (/proc/diskstats). */
  deviceReads: {
    label: "device reads",
    unit: "in the names",
    of: "system",
    value: z.object({ requests: count, seconds: count }),
    runs: "timed",
    startup: "none",
    csv: { requests: "device_read_requests", seconds: "device_read_seconds" },
  },
  /**
   * Bytes of the file in the page cache after the load: of the mount (read from the daemon, or pushed by it) and, of a cold
   * sample, of the source (read from the medium). Null where there is none, or it can't be told.
   */
  cachedBytes: {
    label: "bytes in the page cache",
    unit: "bytes",
    of: "system",
    value: z.object({ mount: count.nullable(), source: count.nullable() }),
    runs: "timed",
    startup: "none",
    csv: { mount: "cached_mount_bytes", source: "cached_source_bytes" },
    isLater: true,
  },
  /** FUSE's answers with data by class of size, an octave each: by its upper bound in bytes. */
  answersBySize: {
    label: "answers by size",
    unit: "count",
    of: "mount",
    value: countsByName,
    runs: "counted",
    startup: "exact",
    csv: "answers_by_bytes",
    waiting: {
      form: "by size",
      header: "answers by size",
      note: "by size: per operation, by the upper bound of their class, an octave each.",
    },
  },
  /** The device's reads by class of size, whoever read. */
  deviceReadsBySize: {
    label: "device reads by size",
    unit: "count",
    of: "system",
    value: countsByName,
    runs: "counted",
    startup: "machine",
    csv: "device_reads_by_bytes",
    waiting: { form: "by size", header: "device reads by size", note: "device reads: whoever read." },
  },
  /**
   * Times of each READ from fuse_request_send to fuse_request_end, those of the startup included. Measured in a counted run,
   * whose counters slow it: its shape and its parts tell more than its length. A class of the histogram is a quarter of an octave,
   * by its upper bound in ns.
   */
  roundTrips: {
    label: "round trips",
    unit: "in the names",
    of: "mount",
    value: z.object({
      requests: count,
      meanNs: count.nullable(),
      p50Ns: count.nullable(),
      p99Ns: count.nullable(),
      maxNs: count.nullable(),
      histogram: countsByName,
    }),
    runs: "counted",
    startup: "none",
    csv: { p50Ns: "read_round_trip_p50_ns", p99Ns: "read_round_trip_p99_ns", histogram: "read_round_trips_by_ns" },
    waiting: {
      form: "p50 / p99",
      header: "request us, p50 / p99",
      note: "request: from fuse_request_send to fuse_request_end, of READs alone, in the counted runs, whose counters slow them.",
    },
  },
  /** System calls by name; `other` is the sum of the calls that have no counter of their own. */
  syscallsByName: {
    label: "system calls by name",
    unit: "count",
    of: "party",
    value: countsByName,
    runs: "counted",
    startup: "exact",
    csv: "syscalls_by_name",
    path: "{party}SyscallsByName",
  },
} as const satisfies Record<string, FigureRow>;

type Registry = typeof registry;
export type FigureKey = keyof Registry;

/** A row as the code that walks the registry sees it. */
export type { FigureRow };
