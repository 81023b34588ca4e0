/**
 * The verdict on one metric: `worse` is a regression; `suspect` looks like one and has to be measured again before it may be called
 * one; `unknown` can't be told, which is neither passed nor failed.
 */
export type Verdict = "same" | "better" | "worse" | "suspect" | "unknown";

/** One metric, judged. */
export interface Judgement {
  readonly verdict: Verdict;
  /** In a few words why, where the figures alone do not tell. */
  readonly reason: string | null;
}
