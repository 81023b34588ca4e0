import type { Run, SliceRequest } from "../../results/index.js";
import { formatPercent } from "./formats.js";
import { estimateOfRounds, halfWidthOf } from "./round-estimate.js";
import { type WatchedRatio, watchedRatios } from "./watched-ratios.js";

/**
 * The numbers of rounds after which a run looks at its intervals. A look is a chance to stop at a spread that is small by luck, so
 * looks are few: each is 1.4 times the one before. The last is the end of every run, whatever its precision.
 */
const LOOKS = [5, 7, 10, 14, 20, 28, 40, 56, 80, 112, 160] as const;
const [FIRST_LOOK] = LOOKS;
const LAST_LOOK = LOOKS[LOOKS.length - 1];

/** The precision that a run is asked for. */
export type PrecisionRequest = Pick<SliceRequest, "rounds" | "precision" | "budgetSeconds">;

/** The state of a run's precision, and its next step. */
export interface PrecisionStep {
  /** The rounds to take next; null where the run is done. */
  readonly rounds: number | null;
  /** The ratios that are not known well enough: only their cells need the next rounds. */
  readonly open: readonly WatchedRatio[];
  /** The widest interval of those that are judged, for the line of progress; null where none has an interval yet. */
  readonly widest: { readonly name: string; readonly halfWidth: number } | null;
  /** A line for each ratio that is not precise enough at the end: the precision that it has, and the reason. Empty before. */
  readonly unreached: readonly string[];
}

/** A ratio with the half-width of its interval; null where it has none. */
interface Judged extends WatchedRatio {
  readonly halfWidth: number | null;
}

const percent = (part: number) => `${formatPercent(part)} %`;

/**
 * The ratios that a run waits for: of steady placements, with the data in memory. The spread of the others is the scheduler's or
 * the device's, which no number of rounds in a budget settles. Where there are no such ratios, all are waited for.
 */
function judgedRatios(watched: readonly WatchedRatio[]): readonly WatchedRatio[] {
  const isInMemory = ({ cell }: WatchedRatio) => cell.cache !== "cold";
  const isSteady = ({ placement }: WatchedRatio) => placement !== "scheduler";
  const choices = [watched.filter((ratio) => isInMemory(ratio) && isSteady(ratio)), watched.filter(isInMemory)];
  return choices.find(({ length }) => length > 0) ?? watched;
}

/** Those that have a ratio: a cell that is alone takes the rounds up to the first look, and no more. */
const compared = (watched: readonly WatchedRatio[]) => watched.filter(({ isAlone }) => !isAlone);

const mostTried = (ratios: readonly WatchedRatio[]) => Math.max(0, ...ratios.map(({ tried }) => tried));

/** The rounds up to the next look, as far as the budget allows; the reason where there are none. */
function roundsToLook(done: number, { budgetSeconds }: PrecisionRequest, secondsPerRound: number): number | string {
  const look = LOOKS.find((rounds) => rounds > done);
  if (look === undefined) return `a run takes ${LAST_LOOK} rounds at the most`;
  if (budgetSeconds === null) return look - done;
  const affordable = Math.floor(budgetSeconds / secondsPerRound) - done;
  return affordable < 1 ? `the budget of ${Math.round(budgetSeconds)} s is spent` : Math.min(look - done, affordable);
}

function judge(ratio: WatchedRatio, { rounds }: PrecisionRequest): Judged {
  const estimate = estimateOfRounds(ratio.ratios, rounds === null ? "precision" : "fixed");
  return { ...ratio, halfWidth: estimate === null ? null : halfWidthOf(estimate) };
}

function isPrecise({ ratios, halfWidth }: Judged, { rounds, precision }: PrecisionRequest): boolean {
  return halfWidth !== null && halfWidth <= precision && (rounds !== null || ratios.length >= FIRST_LOOK);
}

/** One line: the precision that a ratio has, and the reason why it is not better. */
function shortfall({ name, ratios, tried, failure, halfWidth }: Judged, precision: number, reason: string): string {
  const failed = failure === null ? "" : `; ${tried - ratios.length} of ${tried} rounds failed (${failure})`;
  if (ratios.length === 0) return `${name}: no round gave a ratio: ${failure ?? "none was taken"}`;
  if (halfWidth === null) return `${name}: one round gives no interval; ${reason}${failed}`;
  const reached = `within ${percent(halfWidth)} after ${ratios.length} rounds`;
  if (halfWidth <= precision) return `${name}: ${reached}, fewer than the ${FIRST_LOOK} that are judged; ${reason}${failed}`;
  const needed = Math.ceil(ratios.length * (halfWidth / precision) ** 2);
  return `${name}: ${reached}, not within ${percent(precision)}; ${reason}; its spread needs about ${needed} rounds${failed}`;
}

/**
 * The next step of a run that takes rounds until its ratios are precise enough.
 *
 * A fixed number of rounds is taken as it is, without a look. Otherwise the run looks at the intervals after 5, 7, 10, 14, …
 * rounds. It ends where each is within the precision, or where the budget has no room for one more round. Only the widths of
 * intervals are looked at, never their place, and a printed width allows for all looks: see docs/measuring.md, "When a run ends",
 * which has the sources. A ratio without any round at the first look is given up.
 *
 * @param watched the ratios with their rounds so far, for instance by {@link watchedRatios}
 * @param spentSeconds the time of all rounds so far
 */
export function roundsToCome(watched: readonly WatchedRatio[], request: PrecisionRequest, spentSeconds: number): PrecisionStep {
  const { rounds: fixed, precision, budgetSeconds } = request;
  const done = mostTried(watched);
  const judged = judgedRatios(compared(watched)).map((ratio) => judge(ratio, request));
  const widest = judged.reduce<PrecisionStep["widest"]>(
    (most, { name, halfWidth }) => (halfWidth === null || halfWidth <= (most?.halfWidth ?? 0) ? most : { name, halfWidth }),
    null,
  );
  const open = judged.filter((ratio) => !isPrecise(ratio, request));
  const next = (rounds: number, of: readonly WatchedRatio[]): PrecisionStep => ({ rounds, open: of, widest, unreached: [] });
  const end = (reason: string): PrecisionStep => ({
    rounds: null,
    open,
    widest,
    unreached: open.map((ratio) => shortfall(ratio, precision, reason)),
  });
  if (done === 0 && spentSeconds > 0) return end("no round left a result");
  // Rounds were asked for then, and no precision.
  if (fixed !== null) return done < fixed ? next(fixed - done, watched) : { ...end(""), unreached: [] };
  // One round tells the time of a round.
  if (done === 0) return next(budgetSeconds === null ? FIRST_LOOK : 1, watched);
  const waited =
    done < FIRST_LOOK ? [...open, ...watched.filter(({ isAlone }) => isAlone)] : open.filter(({ ratios }) => ratios.length > 0);
  if (waited.length === 0) return end("the others are known");
  const rounds = roundsToLook(mostTried(waited), request, spentSeconds / done);
  return typeof rounds === "number" ? next(rounds, waited) : end(rounds);
}

/** A line for each ratio of a saved run that is less precise than was asked for; none where the number of rounds was fixed. */
export function shortfalls(run: Pick<Run, "cells" | "request">): string[] {
  const { slices } = run.request;
  if (slices === undefined || slices.rounds !== null) return [];
  return judgedRatios(compared(watchedRatios(run, slices.placements)))
    .map((ratio) => judge(ratio, slices))
    .filter((ratio) => !isPrecise(ratio, slices))
    .map((ratio) => shortfall(ratio, slices.precision, "the run ended there"));
}
