import type { Run } from "../../results/index.js";

import type { Decision } from "./decision.js";
import { PILOT_BLOCKS } from "./planning.js";

/** Counted runs that are added where a count looks worse. */
const COUNTED_AGAIN = 2;

/** How often a measure may be looked at: each look is a chance to be wrong. */
const MOST_LOOKS = 4;

/** The part of the budget that the first look may take: the rest is for measuring again. */
const FIRST_SHARE = 0.5;

export interface Progress {
  readonly run: Run;
  readonly decision: Decision;
  /** How often was looked, this time included. */
  readonly looks: number;
  readonly time: Time;
}

/** What has been spent, and what may be. */
export interface Time {
  readonly spentSeconds: number;
  /** What one block more takes: the first, which is counted too, takes longer. 0 where no second was taken yet. */
  readonly secondsPerBlock: number;
  readonly budgetSeconds: number;
}

/** How many blocks more fit into a share of the budget. */
function affordableBlocks({ spentSeconds, secondsPerBlock, budgetSeconds }: Time, share: number): number {
  return Math.floor((budgetSeconds * share - spentSeconds) / secondsPerBlock);
}

/**
 * What is left of the pilot, or as much of it as the budget allows: null where nothing is. The second block is taken by itself: it
 * tells what a block takes.
 */
export function restOfPilot(done: number, time: Time) {
  const blocks = Math.min(done === 1 ? 1 : PILOT_BLOCKS - done, affordableBlocks(time, 1));
  return blocks < 1 ? null : { blocks, countedBlocks: 0, opens: [] };
}

/** What to measure next: null where all is decided, or nothing more can be. */
export function nextRound({ run, decision, looks, time }: Progress) {
  const { plannedBlocks: planned } = decision;
  const done = run.request.blocks;
  const affordable = (share: number) => affordableBlocks(time, share);
  const suspects = decision.rows.filter(({ verdict }) => verdict === "suspect");
  const countsAgain = suspects.filter(({ kind }) => kind !== "time");
  const opens = [...new Set(countsAgain.filter(({ unit }) => unit === "").map(({ backend }) => backend))];
  if (looks >= MOST_LOOKS) return null;
  // Counts repeat: two runs more settle them, whatever the times need.
  if (countsAgain.length > 0) return { blocks: COUNTED_AGAIN, countedBlocks: COUNTED_AGAIN, opens };
  if (looks === 1 && planned !== null && planned > done) {
    const blocks = Math.min(planned - done, affordable(FIRST_SHARE));
    if (blocks > 0) return { blocks, countedBlocks: 0, opens: [] };
  }
  const isOpen =
    suspects.length > 0 || decision.rows.some(({ verdict, canBeRepeated }) => verdict === "unknown" && canBeRepeated);
  if (!isOpen || decision.verdict === "regression") return null;
  const blocks = Math.min(Math.max(done, (planned ?? 0) - done), affordable(1));
  return blocks < 1 ? null : { blocks, countedBlocks: 0, opens: [] };
}
