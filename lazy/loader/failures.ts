import { FusemeterError } from "../../errors.js";
import { mayTryAgain } from "../origins/index.js";

/** The pause after the first failure of a chunk; it doubles with each further one. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** The number of times that content with a wrong digest is fetched anew before readers are refused. The origin itself tries twice each time. */
const CORRUPT_TRIES = 3;

/** The consequence of a failure. */
export interface Consequence {
  /** The pause before the next try. */
  readonly pauseMs: number;
  /** True if those who wait are refused now. */
  readonly refuses: boolean;
}

/** The failures of each chunk since it was last asked for. */
export class Failures {
  readonly #counts = new Map<number, number>();

  /** Notes that a chunk could not be had. */
  note(chunk: number, error: unknown): Consequence {
    const count = (this.#counts.get(chunk) ?? 0) + 1;
    this.#counts.set(chunk, count);
    const isCorrupt = error instanceof FusemeterError && error.code === "ORIGIN_CORRUPT";
    const refuses = isCorrupt ? count >= CORRUPT_TRIES : !mayTryAgain(error);
    return { pauseMs: refuses ? LONGEST_PAUSE_MS : Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), LONGEST_PAUSE_MS), refuses };
  }

  forget(chunk: number): void {
    this.#counts.delete(chunk);
  }
}
