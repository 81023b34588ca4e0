import type { Decision } from "./decision.js";
import type { DecisionRow } from "./decision-row.js";
import { PILOT_BLOCKS } from "./planning.js";

/** The blocks that are measured next. */
export interface Round {
  readonly blocks: number;
  /** In how many of them the cells are counted too. */
  readonly countedBlocks: number;
  /** The backends whose opens are counted again. */
  readonly opens: readonly string[];
}

/** Counted runs that are added where a count looks worse. */
const COUNTED_AGAIN = 2;

/** The most interim analyses: each is a chance to be wrong. */
const MOST_ANALYSES = 4;

/** The part of the budget that the first analysis may plan for: the rest is for measuring again. */
const FIRST_SHARE = 0.5;

/** The time that has been spent, and the time that may be. */
export interface Time {
  readonly spentSeconds: number;
  /** The time of one block more. The first block is counted too, and takes longer: 0 until a second block was taken. */
  readonly secondsPerBlock: number;
  readonly budgetSeconds: number;
}

/** The number of blocks more that fit into a share of the budget. */
function affordableBlocks({ spentSeconds, secondsPerBlock, budgetSeconds }: Time, share: number): number {
  const left = budgetSeconds * share - spentSeconds;
  return left <= 0 ? 0 : Math.floor(left / secondsPerBlock);
}

/**
 * The rest of the pilot, as far as the budget allows; null where nothing is left. The second block is taken by itself: its time
 * tells the time of a block.
 */
export function restOfPilot(done: number, time: Time): Round | null {
  const blocks = Math.min(done === 1 ? 1 : PILOT_BLOCKS - done, affordableBlocks(time, 1));
  return blocks < 1 ? null : { blocks, countedBlocks: 0, opens: [] };
}

interface Progress {
  readonly decision: Decision;
  /** Blocks that were measured. */
  readonly done: number;
  /** Interim analyses so far, this one included. */
  readonly analyses: number;
  readonly time: Time;
}

/** The round after an interim analysis; null where all is decided, or nothing more may be measured. */
export function nextRound({ decision, done, analyses, time }: Progress): Round | null {
  if (analyses >= MOST_ANALYSES) return null;
  const suspects = decision.rows.filter(({ verdict }) => verdict === "suspect");
  // Counts repeat: two runs more settle them, whatever the times need.
  const suspectCounts = suspects.filter(({ metric }) => metric.remeasure !== "blocks");
  if (suspectCounts.length > 0) return countedAgain(suspectCounts);
  const planned = decision.plannedBlocks ?? 0;
  if (analyses === 1) {
    const blocks = Math.min(planned - done, affordableBlocks(time, FIRST_SHARE));
    if (blocks > 0) return { blocks, countedBlocks: 0, opens: [] };
  }
  const open = [...suspects, ...decision.rows.filter(({ verdict, canBeRepeated }) => verdict === "unknown" && canBeRepeated)];
  if (open.length === 0 || decision.verdict === "regression") return null;
  if (open.every(({ metric }) => metric.remeasure !== "blocks")) return countedAgain(open);
  const blocks = Math.min(Math.max(done, planned - done), affordableBlocks(time, 1));
  return blocks < 1 ? null : { blocks, countedBlocks: 0, opens: [] };
}

function countedAgain(rows: readonly DecisionRow[]): Round {
  const opens = rows.filter(({ metric }) => metric.remeasure === "opens").map(({ backend }) => backend);
  return { blocks: COUNTED_AGAIN, countedBlocks: COUNTED_AGAIN, opens: [...new Set(opens)] };
}
