import { median } from "simple-statistics";
import type { Cell, CountedSample, Run, TimedSample } from "../../results/index.js";

import { type InBlock, pairedRatios } from "../figures/statistics.js";

type Counted = NonNullable<CountedSample["figures"]>;
type Timed = NonNullable<TimedSample["figures"]>;

/** A time of one I/O. What it is compared as is a ratio within a block. */
export const timeMeasures = {
  "mean latency": ({ latencyNs }: Timed): number | null => latencyNs.mean,
  "CPU time": ({ cpuSeconds: { application, daemon }, countedIos }: Timed): number | null =>
    application === null || countedIos === 0 ? null : ((application + (daemon ?? 0)) / countedIos) * 1e9,
} as const;

export type TimeMeasure = keyof typeof timeMeasures;

/** A cell without its backend, as people read it and as baselines name it. */
export function placeOf({ workload, ioSizeBytes, cache }: Pick<Cell, "workload" | "ioSizeBytes" | "cache">): string {
  return `${workload} ${ioSizeBytes} ${cache}`;
}

/** A time of a cell, in nanoseconds an I/O, in each block that has it. */
export function timesOf(cell: Cell, measure: TimeMeasure): InBlock[] {
  return cell.samples.flatMap(({ block, figures }) => {
    const value = figures === null ? null : timeMeasures[measure](figures);
    return value === null || value <= 0 ? [] : [{ block, value }];
  });
}

/**
 * Of the context switches, those in which a program waits: how often it does follows from how it is made. How often it is
 * preempted follows from who else wants its CPU, and from where the scheduler puts the two sides of a request.
 */
const counts: Readonly<Record<string, (figures: Counted) => number | null>> = {
  "application system calls": ({ transitions }) => transitions.application.syscalls,
  "daemon system calls": ({ transitions }) => transitions.daemon?.syscalls ?? null,
  "application voluntary switches": ({ voluntarySwitches }) => voluntarySwitches.application,
  "daemon voluntary switches": ({ voluntarySwitches }) => voluntarySwitches.daemon,
};

/** The ending of a count's name that says how often the kernel asked the daemon for one thing. */
const REQUESTS = "requests";

/** Counts of a cell per I/O, by name, a value a counted run. A count that the host does not give is not there. */
export function countsOf(cell: Cell): Record<string, number[]> {
  const figures = cell.counts.flatMap(({ figures }) => (figures === null || figures.ios === 0 ? [] : [figures]));
  const perIo = (pick: (figures: Counted) => number | null) =>
    figures.flatMap((sample) => {
      const count = pick(sample);
      return count === null ? [] : [count / sample.ios];
    });
  const opcodes = [...new Set(figures.flatMap(({ requests }) => Object.keys(requests ?? {})))].sort();
  const all = [
    ...Object.entries(counts).map(([name, pick]) => [name, perIo(pick)] as const),
    ...opcodes.map(
      (opcode) =>
        [`${opcode} ${REQUESTS}`, perIo(({ requests }) => (requests === null ? null : (requests[opcode] ?? 0)))] as const,
    ),
  ];
  return Object.fromEntries(all.filter(([, values]) => values.length > 0));
}

/** Whether a run counted the requests of a cell at all: an opcode that is missing was then asked for 0 times. */
export function countsRequests(cell: Cell): boolean {
  return cell.counts.some(({ figures }) => figures !== null && figures.requests !== null);
}

export function isRequests(measure: string): boolean {
  return measure.endsWith(` ${REQUESTS}`);
}

/** The backend that the others are measured against, and the one that is the same under a second name. */
export function nativesOf(run: Run): { readonly native: string | undefined; readonly again: string | undefined } {
  const [native, again] = run.backends.filter(({ kind }) => kind === "native").map(({ name }) => name);
  return { native, again };
}

/** The cell of another backend in the same place. */
export function besides(run: Run, cell: Cell, backend: string | undefined): Cell | undefined {
  return run.cells.find((other) => other.backend === backend && placeOf(other) === placeOf(cell));
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
    const seconds = cell.samples.flatMap(({ figures }) => {
      const { application = null, daemon = null, system = null } = figures?.cpuSeconds ?? {};
      return application === null || system === null ? [] : [Math.max(0, system - application - (daemon ?? 0))];
    });
    return seconds.length === 0 ? [] : [[`${cell.backend} ${placeOf(cell)}`, median(seconds)] as const];
  });
  return Object.fromEntries(known);
}

/** Median mean latency of native in each place. */
export function nativeLatencyNs(run: Run): Record<string, number> {
  const { native } = nativesOf(run);
  const known = run.cells.flatMap((cell) => {
    const values = cell.backend === native ? timesOf(cell, "mean latency").map(({ value }) => value) : [];
    return values.length === 0 ? [] : [[placeOf(cell), median(values)] as const];
  });
  return Object.fromEntries(known);
}
