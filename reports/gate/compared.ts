import type { TimeChange } from "./judge-time.js";
import type { LogRatio } from "./log-ratio.js";
import type { BackendCount, CellCount, TimeMetric } from "./metric.js";

/** A count, before and now. */
export interface ComparedCount {
  readonly backend: string;
  /** The cell without its backend, as tables name it; or the operation that was counted. */
  readonly place: string;
  readonly metric: CellCount | BackendCount;
  /** At least one. */
  readonly before: readonly number[];
  readonly now: readonly number[];
}

/** A time by slices, before and now. */
export interface ComparedSlices {
  readonly backend: string;
  /** The cell without its backend, as tables name it. */
  readonly cell: string;
  /** The same, and the placement of reader and daemon. */
  readonly place: string;
  readonly metric: TimeMetric;
  /** Medians over the rounds, in the unit that is said. */
  readonly before: number | null;
  readonly now: number | null;
  readonly unit: "x native" | "us";
  /** The ratios that are judged, one a round: now's to base's, or to native's. */
  readonly ratios: readonly number[];
  /** The ratios to native of an earlier sitting; null where base took turns with now. */
  readonly earlier: readonly number[] | null;
  /** Now by before; null of too few rounds for a spread. */
  readonly change: LogRatio | null;
  /** Base by base under another name, or native by native again, in the same rounds; null where that is not known. */
  readonly floor: LogRatio | null;
  /** The factor by which native's own time differs between the two sittings; 1 within one run. */
  readonly drift: number;
  /** The reason for which nothing may be concluded from it; null where something may. */
  readonly obstacle: string | null;
}

/** A time of a result from before there were slices, before and now: from samples of seconds, one a block. */
export interface ComparedTime {
  readonly backend: string;
  readonly place: string;
  readonly metric: TimeMetric;
  /** Medians, in the unit that is said. */
  readonly before: number | null;
  readonly now: number | null;
  readonly unit: "x native" | "us";
  /** Null where one of the two has no figures. */
  readonly change: TimeChange | null;
  /** The ratios within each block, from which the number of blocks is planned: now's to native's, or head's to base's. */
  readonly ratios: readonly number[];
  /** The change in the fresh blocks alone, which were measured after it had looked worse; null where there are none. */
  readonly freshRatio: number | null;
  /** The factor by which native is known to differ from itself in this run. */
  readonly knownDifference: number;
  /** The reason for which nothing may be concluded from it; null where something may. */
  readonly obstacle: string | null;
}

/** The attempts on a cell that worked before and must work now. */
export interface ComparedSuccess {
  readonly backend: string;
  readonly place: string;
  readonly tried: number;
  readonly failed: number;
  /** Rounds of slices that failed, which are among the failed attempts. */
  readonly failedRounds: number;
  /** The first failure, or the reason for which nothing was tried. */
  readonly failure: string | null;
}

/** All that a gate compares. */
export interface Compared {
  readonly counts: readonly ComparedCount[];
  readonly slices: readonly ComparedSlices[];
  /** Those of a result without slices. */
  readonly times: readonly ComparedTime[];
  readonly success: readonly ComparedSuccess[];
  /** The runs that were compared, and the reasons for which something was not, one line each. */
  readonly notes: readonly string[];
}
