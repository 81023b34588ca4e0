import type { BackendRecord } from "../../results/index.js";

import type { Count } from "../figures/count.js";
import type { SeriesName } from "../figures/series.js";
import type { SliceTime } from "../figures/slices.js";

/** The largest difference from the value before that is let pass: the larger of the two. */
export interface Tolerance {
  /** In the metric's own unit. */
  readonly absolute: number;
  /** A part of the value before: 0.02 is 2 percent. */
  readonly relative: number;
}

interface Named {
  /** The name in baselines, in gate.json and in histories. Files of earlier versions hold it: it never changes. */
  readonly id: string;
  /** The name in messages and Markdown. */
  readonly label: string;
  /** The name in a table of a terminal. */
  readonly shortLabel: string;
}

/** A count, which repeats from run to run: more runs make it no more certain, so it is compared by a tolerance. */
interface Exact extends Named {
  readonly kind: "count";
  readonly assume: "exact";
  readonly unit: string;
  readonly tolerance: Tolerance;
}

/** A count of a cell, per I/O, one value a counted run. */
export interface CellCount extends Exact {
  readonly remeasure: "counted runs";
  /**
   * True for a count that a baseline holds only where it is not 0. Where all values, before and now, lie within the tolerance of 0,
   * it is not compared.
   */
  readonly isSparse: boolean;
  readonly count: Count;
}

/** A count of a backend, one value a try. */
export interface BackendCount extends Exact {
  readonly remeasure: "opens";
  /** The operation that is counted, in the place where tables name a cell. */
  readonly place: string;
  /** The field of a baseline that holds its values by backend. */
  readonly field: "descriptorsPerOpen";
  readonly pick: (record: BackendRecord) => readonly number[];
}

/** A time of a cell, from slices: one value a round. It varies from mount to mount, so it is compared by a test. */
export interface TimeMetric extends Named {
  readonly kind: "time";
  readonly assume: "symmetry";
  readonly remeasure: "rounds";
  /** Nanoseconds per operation. */
  readonly slices: SliceTime;
  /** The same of a timed sample, for results without slices. */
  readonly series: SeriesName;
}

/** The samples of a cell that did not fail. */
export interface SuccessMetric extends Named {
  readonly kind: "working";
  readonly assume: "exact";
  readonly unit: string;
  readonly remeasure: "counted runs";
}

/** One figure that the gate judges. */
export type Metric = CellCount | BackendCount | TimeMetric | SuccessMetric;
