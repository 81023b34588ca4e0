import { median } from "simple-statistics";
import { rankSumP, shift, signedRankP } from "../figures/rank-tests.js";
import { medianInterval } from "../figures/statistics.js";
import type { Judgement } from "./judgement.js";

/** A regression is called at this level, after the correction for several metrics: each of the few analyses may be wrong once in 1000. */
export const ALPHA = 0.001;

/** The fewest blocks that are judged: the interval of fewer holds the median in less than nine of ten cases. */
const LEAST_BLOCKS = 5;

/** Below this p of its own, uncorrected, a time is measured again. */
const SUSPICION = 0.05;

/** Times then and now. */
export interface TimeChange {
  /** Now by before. */
  readonly ratio: number;
  /** The ends of the 95 percent interval of the ratio. */
  readonly low: number;
  readonly high: number;
  /** One-sided: that now is slower. Not corrected yet. */
  readonly p: number;
  /** One-sided: that now is faster. */
  readonly pFaster: number;
  /** Blocks behind it; of two sittings the fewer. */
  readonly blocks: number;
  readonly n: string;
}

/** Two that were measured in the same blocks: from the ratios within each block. Null of none. */
export function pairedChange(ratios: readonly number[]): TimeChange | null {
  if (ratios.length === 0) return null;
  const logs = ratios.map(Math.log);
  const { low, high } = medianInterval(ratios);
  const p = signedRankP(logs);
  const pFaster = signedRankP(logs.map((log) => -log));
  return { ratio: median([...ratios]), low, high, p, pFaster, blocks: ratios.length, n: String(ratios.length) };
}

/** Two that were measured at different times, each as a ratio to native. Null where one is empty. */
export function unpairedChange(before: readonly number[], now: readonly number[]): TimeChange | null {
  if (before.length === 0 || now.length === 0) return null;
  const [logsBefore, logsNow] = [before.map(Math.log), now.map(Math.log)];
  const { median, low, high } = shift(logsNow, logsBefore);
  return {
    ratio: Math.exp(median),
    low: Math.exp(low),
    high: Math.exp(high),
    p: rankSumP(logsNow, logsBefore),
    pFaster: rankSumP(logsBefore, logsNow),
    blocks: Math.min(before.length, now.length),
    n: `${before.length}+${now.length}`,
  };
}

interface TimeRules {
  /** The p values above, corrected for all times that are judged together. */
  readonly correctedP: number;
  readonly correctedPFaster: number;
  /** The least ratio worth reporting, above 1; at least the factor within which the run differs from itself. */
  readonly leastRatio: number;
  /** True where it was measured again after it had looked worse. Nothing is called a regression before. */
  readonly wasRepeated: boolean;
}

/**
 * Judges a time. A regression needs all of: a median beyond the least effect, an interval above 1, a rank test that says so
 * after correction, and fresh blocks. `same` needs an interval that excludes the least effect. Of too few blocks nothing is said.
 */
export function judgeTime({ ratio, low, high, p, blocks }: TimeChange, rules: TimeRules): Judgement {
  if (blocks < LEAST_BLOCKS) return { verdict: "unknown", reason: `${blocks} of the ${LEAST_BLOCKS} blocks that it takes` };
  const { leastRatio, correctedP, correctedPFaster, wasRepeated } = rules;
  if (ratio >= leastRatio && low > 1 && correctedP < ALPHA) {
    return { verdict: wasRepeated ? "worse" : "suspect", reason: null };
  }
  if (high < leastRatio) {
    const isBetter = ratio <= 1 / leastRatio && high < 1 && correctedPFaster < ALPHA;
    return { verdict: isBetter ? "better" : "same", reason: null };
  }
  const spread = `the interval reaches ${((high - 1) * 100).toFixed(0)} % slower, and no test settles it`;
  return { verdict: p < SUSPICION && ratio > 1 ? "suspect" : "unknown", reason: spread };
}
