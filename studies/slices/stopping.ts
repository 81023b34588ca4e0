import { estimateOfRounds, roundsToCome } from "../../reports/figures/index.js";
import { type Coverage, coverageOf } from "./coverage.js";
import type { Draw } from "./drawing.js";

const cell = { backend: "again", workload: "drawn", ioSizeBytes: 4096, cache: "warm" } as const;

/** The rounds of one run that its precision ends. */
export function untilPrecise(draw: Draw, precision: number): number[] {
  const ratios: number[] = [];
  for (;;) {
    const watched = {
      name: "drawn",
      cell,
      placement: "one-core",
      isAlone: false,
      ratios,
      tried: ratios.length,
      failure: null,
    } as const;
    const { rounds } = roundsToCome([watched], { rounds: null, precision, budgetSeconds: null }, 0);
    if (rounds === null) return ratios;
    for (let round = 0; round < rounds; round++) ratios.push(draw());
  }
}

/** The coverage of the intervals that runs print when they end. */
export interface StoppedCoverage extends Coverage {
  readonly meanRounds: number;
}

/** Runs that end at a precision, one for each source of rounds. */
export function coverageAtStop(draws: readonly Draw[], precision: number): StoppedCoverage {
  const runs = draws.map((draw) => untilPrecise(draw, precision));
  const intervals = runs.map((ratios) => {
    const { low, high } = estimateOfRounds(ratios, "precision")!.interval;
    return { low: Math.log(low), high: Math.log(high) };
  });
  return { ...coverageOf(intervals), meanRounds: runs.reduce((sum, { length }) => sum + length, 0) / runs.length };
}
