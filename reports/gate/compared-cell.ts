import type { Cell } from "../../results/index.js";

import { formatCell } from "../figures/formats.js";
import { failuresIn } from "../figures/samples.js";
import type { ComparedCount, ComparedSuccess } from "./compared.js";
import { allowance } from "./judge-count.js";
import type { CellCount } from "./metric.js";
import { cellCounts, requestCount } from "./metrics.js";
import { countsOf, opcodesOf } from "./values.js";

/** The counts of a cell before the change. */
export interface CountsBefore {
  /** The opcodes that its daemon was asked for. */
  readonly opcodes: readonly string[];
  /** A count per I/O, one value a counted run; empty where it was not counted. */
  readonly of: (metric: CellCount) => readonly number[];
}

/** The counts of one cell, before and now. A count that is not known of before is not compared. */
export function comparedCounts(backend: string, now: Cell, before: CountsBefore): ComparedCount[] {
  const opcodes = [...new Set([...before.opcodes, ...opcodesOf(now)])];
  return [...cellCounts, ...opcodes.map(requestCount)].flatMap((metric) => {
    const [then, current] = [before.of(metric), countsOf(now, metric)];
    const isRare = metric.isSparse && [...then, ...current].every((value) => value <= allowance(metric, 0));
    return then.length === 0 || isRare ? [] : [{ backend, place: formatCell(now), metric, before: then, now: current }];
  });
}

/** The samples and rounds of a cell, and those that failed. */
export function comparedSuccess(backend: string, cell: Cell): ComparedSuccess {
  const rounds = cell.slices.flatMap((placed) => placed.rounds);
  const failedRounds = rounds.flatMap((round) => (round.ok ? [] : [round.failure]));
  const failures = [...failuresIn(cell), ...failedRounds];
  return {
    backend,
    place: formatCell(cell),
    tried: cell.samples.length + cell.counts.length + rounds.length,
    failed: failures.length,
    failedRounds: failedRounds.length,
    failure: failures[0] ?? null,
  };
}
