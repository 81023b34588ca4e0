import type { TimeChange } from "./judge-time.js";
import type { Judgement } from "./judgement.js";
import type { LogRatio } from "./log-ratio.js";
import type { Metric } from "./metric.js";

/** The series behind a time. */
interface TimeSeries {
  /** By slices, or by blocks of samples; null of too few. */
  readonly change: (LogRatio & { readonly ratio: number }) | TimeChange | null;
  /** One a round or block: now's to native's, or head's to base's. */
  readonly ratios: readonly number[];
  /** The change in the fresh blocks alone; null where there are none, and of slices. */
  readonly freshRatio: number | null;
  /** The factor by which one thing under two names differs in this run. */
  readonly knownDifference: number;
  /** The reason for which nothing may be concluded from it; null where something may. */
  readonly obstacle: string | null;
}

/** One line of the gate's table: one metric in one place. */
export interface DecisionRow extends Judgement {
  readonly backend: string;
  readonly place: string;
  readonly metric: Metric;
  /** The unit of `before` and `now`. */
  readonly unit: string;
  readonly before: number | null;
  readonly now: number | null;
  /** A count's range over its runs; a time's 95 percent interval of now by before. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** The number of runs or rounds behind it, before + now where they differ. */
  readonly n: string;
  /** Corrected for all times that are judged together; null for a count, which is not tested. */
  readonly p: number | null;
  /** True where more runs or rounds could settle an unknown. */
  readonly canBeRepeated: boolean;
  /** The change that is let pass: a count's tolerance in its own unit, a time's least ratio. */
  readonly allowed: number;
  /** The series behind a time; null for another metric. */
  readonly time: TimeSeries | null;
}

/** The name of a row, the same in each analysis of a run and in each run. Histories hold it. */
export function rowName({ backend, place, metric }: Pick<DecisionRow, "backend" | "place" | "metric">): string {
  return `${backend}: ${place}: ${metric.id}`;
}
