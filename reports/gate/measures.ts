import { median } from "simple-statistics";
import { type BackendRole, type Cell, isSameReads, type Run, readsKey, servedReadsKey, traitsOf } from "../../results/index.js";

import { countOf, requestsOf } from "../figures/count.js";
import { countedSeries } from "../figures/per-operation.js";
import { countedIn } from "../figures/samples.js";
import { type SeriesName, seriesOf } from "../figures/series.js";
import { type InBlock, pairedRatios } from "../figures/statistics.js";

/** A time of one operation. It is compared as a ratio within a block. */
export const timeMeasures = {
  "mean latency": "meanLatencyNs",
  "CPU time": "cpuNsPerOperation",
} as const satisfies Record<string, SeriesName>;

export type TimeMeasure = keyof typeof timeMeasures;

/** A time of a cell, in nanoseconds an operation, in each block that has it. */
export function timesOf(cell: Cell, measure: TimeMeasure): InBlock[] {
  return seriesOf(cell, timeMeasures[measure]);
}

/**
 * Of the context switches, those in which a program waits: how often it does follows from how it is made. How often it is
 * preempted follows from who else wants its CPU, and from where the scheduler puts the two sides of a request.
 */
const counts = {
  "application system calls": countOf("syscalls", "application"),
  "daemon system calls": countOf("syscalls", "daemon"),
  "application voluntary switches": countOf("voluntarySwitches", "application"),
  "daemon voluntary switches": countOf("voluntarySwitches", "daemon"),
};

/** The ending of a count's name that says how often the kernel asked the daemon for one thing. */
const REQUESTS = "requests";

/** Counts of a cell per I/O, by name, a value a counted run. A count that the host does not give is not there. */
export function countsOf(cell: Cell): Record<string, number[]> {
  const opcodes = [...new Set(countedIn(cell).flatMap(({ figures }) => Object.keys(figures.requests ?? {})))].sort();
  const named = [...Object.entries(counts), ...opcodes.map((opcode) => [`${opcode} ${REQUESTS}`, requestsOf(opcode)] as const)];
  const all = named.map(([name, count]) => [name, countedSeries(cell, count).map(({ value }) => value)] as const);
  return Object.fromEntries(all.filter(([, values]) => values.length > 0));
}

/** Whether a run counted the requests of a cell at all: an opcode that is missing was then asked for 0 times. */
export function countsRequests(cell: Cell): boolean {
  return countedIn(cell).some(({ figures }) => figures.requests !== null);
}

export function isRequests(measure: string): boolean {
  return measure.endsWith(` ${REQUESTS}`);
}

/** The backend that the others are measured against, and the one that is the same under a second name. */
export function nativesOf(run: Run): { readonly native: string | undefined; readonly again: string | undefined } {
  const named = (role: BackendRole) => run.backends.find(({ name }) => traitsOf(run.backends, name).role === role)?.name;
  return { native: named("reference"), again: named("reference again") };
}

/** The cell of another backend in the same place. */
export function besides(run: Run, cell: Cell, backend: string | undefined): Cell | undefined {
  return run.cells.find((other) => other.backend === backend && isSameReads(other, cell));
}

/** A time of a cell by another cell's in the same block. */
export function timesBy(cell: Cell, reference: Cell | undefined, measure: TimeMeasure): InBlock[] {
  return reference === undefined ? [] : pairedRatios(timesOf(cell, measure), timesOf(reference, measure));
}

/**
 * CPU seconds that were used during a sample of each cell by what is neither load nor daemon, the median of its samples. Part of
 * it is the fixed part of the load and the harness itself, which are the same from run to run; what is more is the neighbours'.
 */
export function otherCpuSeconds(run: Run): Record<string, number> {
  const known = run.cells.flatMap((cell) => {
    const seconds = seriesOf(cell, "otherCpuSeconds").map(({ value }) => value);
    return seconds.length === 0 ? [] : [[servedReadsKey(cell), median(seconds)] as const];
  });
  return Object.fromEntries(known);
}

/** Median mean latency of native in each place. */
export function nativeLatencyNs(run: Run): Record<string, number> {
  const { native } = nativesOf(run);
  const known = run.cells.flatMap((cell) => {
    const values = cell.backend === native ? timesOf(cell, "mean latency").map(({ value }) => value) : [];
    return values.length === 0 ? [] : [[readsKey(cell), median(values)] as const];
  });
  return Object.fromEntries(known);
}
