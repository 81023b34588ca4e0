import type { UnitName } from "../../results/index.js";

/** One thing whose cost is measured. */
export interface Unit {
  readonly name: UnitName;
  /** Measures it once, in nanoseconds. Rejects where this host can't: the message says why. */
  readonly measure: () => Promise<number>;
}
