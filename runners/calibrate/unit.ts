import type { UnitName } from "../../results/index.js";

/** One operation whose cost is measured. */
export interface Unit {
  readonly name: UnitName;
  /** Measures the unit once, in ns. Rejects with the reason where this host can't. */
  readonly measure: () => Promise<number>;
}
