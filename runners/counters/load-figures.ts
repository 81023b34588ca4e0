import type { FioResult } from "../loads/fio/index.js";
import { figuresOf, type ProcessFigures } from "./process-figures.js";

/**
 * fio's own figures of its job in a timed run, from getrusage(2) at the start and the end of each process: nothing is
 * attached, so a load that switches at every read is not slowed. Switches are exact; CPU time comes in whole ms, user and
 * system each rounded down.
 */
export function figuresOfFio(result: FioResult): ProcessFigures {
  const { user, system } = result.cpuSeconds;
  return figuresOf({ contextSwitches: { value: result.contextSwitches }, cpuSeconds: { value: user + system } }, {});
}
