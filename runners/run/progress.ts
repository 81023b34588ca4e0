import type { Step } from "./plan.js";

/** How far a run is. */
export interface Progress {
  /** Samples done, and of how many. */
  readonly done: number;
  readonly total: number;
  /** The sample under way. */
  readonly step: Step;
  /** What of the sample is being done, for instance "counting". */
  readonly phase: string;
  /** Null until the first sample is done. */
  readonly secondsLeft: number | null;
}

/** Estimates the time left from how long the same cells took in earlier blocks, or else from the mean of all so far. */
export class Clock {
  readonly #secondsByKind = new Map<string, number>();
  #secondsInAll = 0;
  #samples = 0;

  #kind(step: Step): string {
    return JSON.stringify([step.key, step.counted]);
  }

  add(step: Step, seconds: number): void {
    this.#secondsByKind.set(this.#kind(step), seconds);
    this.#secondsInAll += seconds;
    this.#samples += 1;
  }

  /** Seconds that the given samples will take; null while nothing is known. */
  estimate(steps: readonly Step[]): number | null {
    if (this.#samples === 0) return null;
    const mean = this.#secondsInAll / this.#samples;
    return steps.reduce((sum, step) => sum + (this.#secondsByKind.get(this.#kind(step)) ?? mean), 0);
  }
}
