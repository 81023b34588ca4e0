import type { TimedSample } from "../../results/index.js";
import type { LoadOutcome, RunnableLoad } from "../loads/runnable-load.js";

/** A shorter sample shows a neighbour's moment, and the processes' own start, more than the load. */
const LEAST_SECONDS = 0.2;

/** A sample that is taken again is to last so long: somewhat more, since a later one may be faster. */
const WANTED_SECONDS = 0.25;

const MOST_PASSES = 256;

/** The passes over its work with which a load of one pass lasts long enough; 1 where it does already. */
export function passesOf({ seconds }: Pick<LoadOutcome, "seconds">): number {
  if (seconds >= LEAST_SECONDS) return 1;
  return Math.min(MOST_PASSES, Math.ceil(WANTED_SECONDS / Math.max(seconds, WANTED_SECONDS / MOST_PASSES)));
}

/** The passes of the timed samples that a cell has already: later ones do as many, so that all are alike. Null where it has none. */
export function passesBefore(samples: readonly TimedSample[], { operations }: Pick<RunnableLoad, "operations">): number | null {
  const passes = samples.flatMap((sample) => (sample.ok ? [sample.figures.operations / operations] : []));
  return passes.find((count) => Number.isInteger(count) && count >= 1) ?? null;
}
