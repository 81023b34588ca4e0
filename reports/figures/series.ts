import type { Cell, TimedFigures } from "../../results/index.js";
import { both } from "./count.js";
import { timedIn } from "./samples.js";
import type { InBlock } from "./statistics.js";

/** A figure of one timed sample; null where it is not known. */
type Read = (figures: TimedFigures, cell: Cell) => number | null;

/** A time or a rate of 0 is none: fio's clock is too coarse for the sample. */
const positive = (value: number) => (Number.isFinite(value) && value > 0 ? value : null);

/** The CPU time of application and daemon together. Where that of a daemon is not known, neither is the sum. */
const cpuSeconds: Read = ({ cpuSeconds }, cell) => both(cpuSeconds, cell);

/** Figures of timed samples, in the unit that the name tells. */
const series = {
  operationsPerSecond: ({ operations, seconds }) => positive(operations / seconds),
  bytesPerSecond: ({ bytes, seconds }) => positive(bytes / seconds),
  secondsPerByte: ({ bytes, seconds }) => positive(seconds / bytes),
  meanLatencyNs: ({ latencyNs }) => positive(latencyNs.mean),
  p50LatencyNs: ({ latencyNs }) => positive(latencyNs.p50),
  p99LatencyNs: ({ latencyNs }) => positive(latencyNs.p99),
  /** The startup overhead is taken out. One that takes all of it leaves nothing to tell. */
  cpuNsPerOperation(figures, cell) {
    const seconds = cpuSeconds(figures, cell);
    return seconds === null ? null : positive((seconds / figures.countedOperations) * 1e9);
  },
  /** The CPU time of all that is neither load nor daemon, the startup overhead and the harness included. */
  otherCpuSeconds(figures, cell) {
    const seconds = cpuSeconds(figures, cell);
    return seconds === null || figures.systemCpuSeconds === null ? null : Math.max(0, figures.systemCpuSeconds - seconds);
  },
  deviceNsPerOperation: ({ deviceReads, operations }) => (deviceReads === null ? null : (deviceReads.seconds * 1e9) / operations),
  joulesPerByte: ({ energyJoules, bytes }) => (energyJoules === null ? null : energyJoules / bytes),
} as const satisfies Record<string, Read>;

export type SeriesName = keyof typeof series;

/** A figure of a cell, block by block. A block in which it is not known is left out. */
export function seriesOf(cell: Cell, name: SeriesName): InBlock[] {
  return timedIn(cell).flatMap(({ block, figures }) => {
    const value = series[name](figures, cell);
    return value === null ? [] : [{ block, value }];
  });
}
