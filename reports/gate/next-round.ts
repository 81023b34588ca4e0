import type { Run } from "../../results/schema.js";
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
  readonly spentSeconds: number;
  readonly budgetSeconds: number;
}

/** How many blocks more fit into some seconds, by what those so far have taken. */
function affordableBlocks(done: number, spentSeconds: number, seconds: number): number {
  return Math.floor((seconds - spentSeconds) / (spentSeconds / done));
}

/** What is left of the pilot after its first block, or as much of it as the budget allows: null where nothing is. */
export function restOfPilot(done: number, spentSeconds: number, budgetSeconds: number) {
  const blocks = Math.min(PILOT_BLOCKS - done, affordableBlocks(done, spentSeconds, budgetSeconds));
  return blocks < 1 ? null : { blocks, countedBlocks: 0, opens: [] };
}

/** What to measure next: null where all is decided, or nothing more can be. */
export function nextRound({ run, decision, looks, spentSeconds, budgetSeconds }: Progress) {
  const { plannedBlocks: planned } = decision;
  const done = run.request.blocks;
  const affordable = (share: number) => affordableBlocks(done, spentSeconds, budgetSeconds * share);
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
