import { FusemeterError } from "../errors.js";
import { onlineCpus } from "../linux/proc/cpu-list.js";
import { type Placement, placements, type RunRequest } from "../results/index.js";
import type { Profile } from "../runners/run/index.js";
import { list, numberAbove, oneOf, wholeNumber } from "./option-values.js";
import type { GridOptions, SliceOptions } from "./run-options.js";

/** The placements that are asked for. A default that this host has too few cores for is left out. */
function placementsOf(text: string | undefined, usual: readonly Placement[]): Placement[] {
  const canPart = onlineCpus().length > 1;
  if (text === undefined) return usual.filter((placement) => placement !== "two-cores" || canPart);
  const asked = list("placements", text).map((name) => oneOf("placements", name, placements));
  if (canPart || !asked.includes("two-cores")) return asked;
  throw new FusemeterError({
    code: "ONE_CORE",
    fault: "host",
    problem: "reader and daemon can't run on two cores",
    reason: "this host has one core online",
    remedy: "leave two-cores out of --placements",
  });
}

/**
 * The slices that a run is asked for. A number of blocks that is named is the number of rounds too.
 *
 * @throws {FusemeterError} that names the option at fault
 */
export function requestedSlices(
  { slices, placements: named, precision, budget, blocks }: SliceOptions & Pick<GridOptions, "blocks">,
  usual: Profile["slices"],
): Pick<RunRequest, "slices"> {
  if (slices === false) return {};
  const percent = precision === undefined ? usual.precisionPercent : numberAbove("precision", precision, 0, 100);
  const minutes = budget === undefined ? usual.budgetMinutes : numberAbove("budget", budget, 0, 100_000);
  const rounds = blocks === undefined ? null : wholeNumber("blocks", blocks, 1, 10_000);
  return {
    slices: {
      placements: placementsOf(named, usual.placements),
      rounds,
      precision: percent / 100,
      budgetSeconds: rounds === null ? minutes * 60 : null,
    },
  };
}
