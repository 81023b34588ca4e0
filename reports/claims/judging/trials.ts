import type { Evidence, Trial } from "../../../results/index.js";

/** The trials of a study; none where it was not asked for, or could not be done. */
export function trialsOf({ trials }: Evidence, study: string): readonly Trial[] {
  return trials[study] ?? [];
}

/** Each trial with its outcome, in one line. */
export function textsOf(trials: readonly Trial[]): string {
  return trials.map(({ what, outcome }) => `${what}: ${outcome}`).join("; ");
}
