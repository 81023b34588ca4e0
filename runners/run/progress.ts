import { type CellKey, cellKey } from "../../results/index.js";
import type { Step } from "./plan.js";

/** The progress of a run. */
export interface Progress {
  /** Samples done, and of how many. */
  readonly done: number;
  readonly total: number;
  /** The sample under way. */
  readonly step: Step;
  /** The part of the sample under way, for instance "counting". */
  readonly phase: string;
  /** Null until the first sample is done. */
  readonly secondsLeft: number | null;
}

/**
 * The parts of a run that take time. The startup overhead is measured once a cell, the counted job is run in the first blocks
 * only, the timed one in each; `block` is the preparation of a block, which is no cell's.
 */
export type Part = "startup" | "counted" | "timed" | "block";

interface Seconds {
  readonly sum: number;
  readonly times: number;
}

function nameOf(part: Part, key: CellKey | null): string {
  return `${part} ${key === null ? "" : cellKey(key)}`;
}

function mean(all: readonly Seconds[]): number {
  return all.reduce((sum, one) => sum + one.sum, 0) / all.reduce((times, one) => times + one.times, 0);
}

/**
 * Estimates the time left from the parts so far: a part takes as long as it took in the same cell, or else the mean of that part
 * in all cells. Cells come in random order, so the mean of the first few is the mean of all, but for chance.
 */
export class Clock {
  readonly #ofCell = new Map<string, Seconds>();
  readonly #ofPart = new Map<Part, Seconds>();

  /** Adds a part that is done. @param key null where the part is no cell's */
  add(part: Part, key: CellKey | null, seconds: number): void {
    const more = ({ sum, times }: Seconds = { sum: 0, times: 0 }) => ({ sum: sum + seconds, times: times + 1 });
    const name = nameOf(part, key);
    this.#ofCell.set(name, more(this.#ofCell.get(name)));
    this.#ofPart.set(part, more(this.#ofPart.get(part)));
  }

  #expected(part: Part, key: CellKey | null): number {
    const like = this.#ofCell.get(nameOf(part, key)) ?? this.#ofPart.get(part);
    // A part that was not met yet: the parts of a sample are of one order of magnitude.
    return mean(like === undefined ? [...this.#ofPart.values()] : [like]);
  }

  /**
   * Seconds that the given samples will take, the first of a block that has begun; null while nothing is known.
   *
   * @param hasStartup says of which cells the startup overhead is known already
   */
  estimate(steps: readonly Step[], hasStartup: (key: CellKey) => boolean): number | null {
    if (this.#ofPart.size === 0) return null;
    const met = new Set<string>();
    let seconds = 0;
    for (const [index, { key, block, timed, counted }] of steps.entries()) {
      const name = cellKey(key);
      if (index > 0 && block !== steps[index - 1]!.block) seconds += this.#expected("block", null);
      if (!met.has(name) && !hasStartup(key)) seconds += this.#expected("startup", key);
      if (counted) seconds += this.#expected("counted", key);
      if (timed) seconds += this.#expected("timed", key);
      met.add(name);
    }
    return seconds;
  }
}
