import type { FioResult } from "../loads/fio/index.js";
import { figuresOf, NOT_TIMED, type ProcessFigures } from "./process-figures.js";

/**
 * What fio says of its own job in a timed run, from getrusage(2) at the start and the end of each process: nothing is
 * attached, so a load that switches at every read is not slowed. Switches are exact; CPU time comes in whole ms, user and
 * system each rounded down.
 */
export function figuresOfFio(result: FioResult): ProcessFigures {
  const { user, system } = result.cpuSeconds;
  return figuresOf(
    {
      ...NOT_TIMED,
      contextSwitches: { value: result.contextSwitches },
      cpuSeconds: { value: user + system },
    },
    {},
  );
}
