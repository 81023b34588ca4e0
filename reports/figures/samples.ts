import type { Cell, CountedFigures, TimedFigures } from "../../results/index.js";

/** The figures of the timed samples that succeeded, with their blocks. */
export function timedIn({ samples }: Cell): { readonly block: number; readonly figures: TimedFigures }[] {
  return samples.flatMap((sample) => (sample.ok ? [{ block: sample.block, figures: sample.figures }] : []));
}

/** The figures of the counted samples that succeeded, with their blocks. */
export function countedIn({ counts }: Cell): { readonly block: number; readonly figures: CountedFigures }[] {
  return counts.flatMap((sample) => (sample.ok ? [{ block: sample.block, figures: sample.figures }] : []));
}

/** The failures of a cell's samples, counted ones included. */
export function failuresIn({ samples, counts }: Cell): string[] {
  return [...samples, ...counts].flatMap((sample) => (sample.ok ? [] : [sample.failure]));
}
