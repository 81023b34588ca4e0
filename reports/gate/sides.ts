import type { TimeChange } from "./judge-time.js";

/** A count, before and now. */
export interface CountSides {
  readonly backend: string;
  /** The cell without its backend, as tables name it; or what else was done. */
  readonly place: string;
  readonly measure: string;
  readonly before: readonly number[];
  readonly now: readonly number[];
}

/** A time, before and now. */
export interface TimeSides {
  readonly backend: string;
  readonly place: string;
  readonly measure: string;
  /** Medians, in the unit that is said. */
  readonly before: number | null;
  readonly now: number | null;
  readonly unit: "x native" | "us";
  /** Null where one of the two has no figures. */
  readonly change: TimeChange | null;
  /** The ratios within each block, whose spread says how many blocks it takes: now's to native's, or head's to base's. */
  readonly ratios: readonly number[];
  /** The same ratio from the blocks alone that were measured after it had looked worse; null where there are none. */
  readonly freshRatio: number | null;
  /** The factor by which this run is known to differ from itself for no reason. */
  readonly floor: number;
  /** Why nothing may be concluded from it; null where something may. */
  readonly obstacle: string | null;
}

/** Something that worked before and must work now. */
export interface WorkingSides {
  readonly backend: string;
  readonly place: string;
  /** How often it was tried now, how often that failed, and how. */
  readonly tried: number;
  readonly failed: number;
  readonly failure: string | null;
}

/** All that a gate compares. */
export interface Sides {
  readonly counts: readonly CountSides[];
  readonly times: readonly TimeSides[];
  readonly working: readonly WorkingSides[];
  /** What was compared with what, and what was not, a line each. */
  readonly notes: readonly string[];
}
