import type { SlotAnnotations } from "./annotations.js";

/** A whisker may end this much above the highest bar: a longer one would press the bars against the axis. */
const LONGEST_BY_HIGHEST_BAR = 1.5;

/** The least height of a cut whisker, by the highest bar: its arrow is seen above that bar too. */
const CUT_BY_HIGHEST_BAR = 1.2;

/** Room above the highest bar or whisker for two lines of text, and for the third of a cut whisker. */
const [ROOM, ROOM_ABOVE_CUT] = [1.18, 1.24];

/** The part of a linear axis that bars and whiskers take. */
export interface BarScale {
  /** No bar or whisker stands above this value; a whisker that would is cut here. */
  readonly top: number;
  /** The end of the axis, with room for the labels above the bars. */
  readonly suggestedMax: number;
}

/**
 * The bars set the axis, and so do whiskers that are not much longer than the highest bar.
 *
 * @param bars the heights of the bars, at least one above 0
 * @param ends the upper ends of the whiskers
 */
export function barScale(bars: readonly number[], ends: readonly number[]): BarScale {
  const highest = Math.max(...bars);
  const isLong = (end: number) => end > highest * LONGEST_BY_HIGHEST_BAR;
  const usual = Math.max(highest, ...ends.filter((end) => !isLong(end)));
  if (!ends.some(isLong)) return { top: usual, suggestedMax: usual * ROOM };
  const top = Math.max(usual, highest * CUT_BY_HIGHEST_BAR);
  return { top, suggestedMax: top * ROOM_ABOVE_CUT };
}

/**
 * An interval as a whisker with its label above it. A whisker that is cut ends in an arrow, and its label gets a line more: the
 * value that it goes to.
 *
 * @param format the value of that end, with its unit
 */
export function intervalAnnotations(
  { low, high }: { readonly low: number; readonly high: number },
  label: { readonly lines: readonly string[]; readonly least: number },
  { top }: BarScale,
  format: (value: number) => string,
): Pick<SlotAnnotations, "whisker" | "above"> {
  const isCut = high > top;
  const end = Math.min(high, top);
  return {
    whisker: { low, high: end, ends: isCut ? "cap and arrow" : "caps" },
    above: { lines: [...label.lines, ...(isCut ? [`to ${format(high)}`] : [])], value: Math.max(end, label.least) },
  };
}
