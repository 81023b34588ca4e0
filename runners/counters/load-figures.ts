import type { LoadOutcome } from "../loads/runnable-load.js";
import { figuresOf, type ProcessFigures } from "./process-figures.js";

const NOT_COUNTED = { unavailable: "the load keeps no figures of its own, and counters would slow it" };

/** The figures of a load that was run without counters: those that it keeps itself. */
export function figuresOfLoad(own: LoadOutcome["ownFigures"]): ProcessFigures {
  if (own === null) return figuresOf({ contextSwitches: NOT_COUNTED, cpuSeconds: NOT_COUNTED }, {});
  return figuresOf({ contextSwitches: { value: own.contextSwitches }, cpuSeconds: { value: own.cpuSeconds } }, {});
}
