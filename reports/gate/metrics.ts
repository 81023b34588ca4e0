import { countOf, requestsOf } from "../figures/count.js";
import type { BackendCount, CellCount, SuccessMetric, TimeMetric, Tolerance } from "./metric.js";

/** The tolerance of a count that follows from the load alone. */
const STEADY: Tolerance = { absolute: 0.02, relative: 0.02 };

/**
 * The tolerance of voluntary switches. A thread that is preempted by the thread it woke may find its next request already queued,
 * and skip the wait. So one wait a request can become none, but never two.
 */
const WAITS: Tolerance = { absolute: 0.75, relative: 0.1 };

/** The three names of a metric. A file of an earlier version holds the id: a clearer label leaves the id as it is. */
const named = (id: string, shortLabel = id, label = id) => ({ id, label, shortLabel });

const perIo = { kind: "count", assume: "exact", unit: "per I/O", remeasure: "counted runs", isSparse: false } as const;

export const DAEMON_SYSTEM_CALLS: CellCount = {
  ...perIo,
  ...named("daemon system calls", "daemon syscalls"),
  tolerance: STEADY,
  count: countOf("syscalls", "daemon"),
};

/**
 * The counts of a cell: one row each. A baseline without a metric was saved before the metric was added: nothing is compared.
 *
 * Context switches in which a program waits are here, preemptions are not: the number of waits follows from the program, that of
 * preemptions from the other tasks of the host.
 */
export const cellCounts: readonly CellCount[] = [
  {
    ...perIo,
    ...named("application system calls", "app syscalls"),
    tolerance: STEADY,
    count: countOf("syscalls", "application"),
  },
  DAEMON_SYSTEM_CALLS,
  {
    ...perIo,
    ...named("application voluntary switches", "app vol. switches"),
    tolerance: WAITS,
    count: countOf("voluntarySwitches", "application"),
  },
  {
    ...perIo,
    ...named("daemon voluntary switches", "daemon vol. switches"),
    tolerance: WAITS,
    count: countOf("voluntarySwitches", "daemon"),
  },
  {
    ...perIo,
    ...named("daemon user page faults", "daemon page faults"),
    // A daemon's heap that grows is a fault in tens of requests. A buffer that is mapped anew is one in each, or more.
    tolerance: { absolute: 0.1, relative: 0.1 },
    count: countOf("userPageFaults", "daemon"),
  },
];

/** The requests of one opcode: a row for each opcode that the kernel names. One STATFS in ten thousand reads is nobody's cost. */
export function requestCount(opcode: string): CellCount {
  return {
    ...perIo,
    ...named(requestIds.of(opcode)),
    tolerance: { absolute: 0.005, relative: 0.02 },
    isSparse: true,
    count: requestsOf(opcode),
  };
}

/** The ids of requests, which hold the opcode: written, and read back from a baseline. */
export const requestIds = {
  of: (opcode: string): string => `${opcode} requests`,
  /** The opcode in an id; undefined where the id is not one of requests. */
  opcodeIn: (id: string): string | undefined => /^(\w+) requests$/.exec(id)?.[1],
};

export const DESCRIPTORS_LEFT: BackendCount = {
  kind: "count",
  assume: "exact",
  ...named("descriptors left by an open", "descriptors left"),
  unit: "",
  tolerance: { absolute: 0.05, relative: 0 },
  remeasure: "opens",
  place: "open and close",
  field: "descriptorsPerOpen",
  pick: ({ descriptorsLeft }) => (descriptorsLeft ?? []).map(({ opens, left }) => Math.max(0, left / opens)),
};

/** The counts of a backend: one row each. */
export const backendCounts: readonly BackendCount[] = [DESCRIPTORS_LEFT];

const timed = { kind: "time", assume: "symmetry", remeasure: "rounds" } as const;

/** The times of a cell: one row each. They are compared as ratios within a round. */
export const timeMetrics: readonly TimeMetric[] = [
  { ...timed, ...named("mean latency"), slices: "wall", series: "meanLatencyNs" },
  { ...timed, ...named("CPU time"), slices: "cpu", series: "cpuNsPerOperation" },
];

/** A cell that worked before and gives no sample now is a finding by itself. */
export const SUCCESS: SuccessMetric = {
  kind: "working",
  assume: "exact",
  ...named("samples that succeed"),
  unit: "",
  remeasure: "counted runs",
};
