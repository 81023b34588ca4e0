import { median } from "simple-statistics";
import type { Cell, Run } from "../../results/index.js";

import { formatCell } from "../figures/formats.js";
import { countSides, descriptorSides, descriptorsPerOpen, workingSides } from "./cell-sides.js";
import { knownDifference } from "./floor.js";
import { pairedChange } from "./judge-time.js";
import { besides, countsOf, placeOf, type TimeMeasure, timeMeasures, timesBy, timesOf } from "./measures.js";
import type { Sides, TimeSides } from "./sides.js";

/** The names of two backends of one run that are the same thing before and after a change. */
export interface HeadPair {
  readonly name: string;
  readonly base: string;
  readonly head: string;
}

/**
 * Pairs base with head, which were interleaved in one run: what the host did meanwhile fell on both.
 *
 * @param freshFrom the first block that was measured after something had looked worse; null where none was
 */
export function headSides(run: Run, pairs: readonly HeadPair[], freshFrom: number | null): Sides {
  const inCells = pairs.flatMap(({ name, base, head }) =>
    run.cells.flatMap((cell) => {
      const before = cell.backend === head ? besides(run, cell, base) : undefined;
      return before === undefined ? [] : [{ name, before, now: cell }];
    }),
  );
  return {
    counts: [
      ...inCells.flatMap(({ name, before, now }) => countSides(name, now, countsOf(before), true)),
      ...pairs.flatMap(({ name, base, head }) =>
        descriptorSides(name, descriptorsPerOpen(run, base), descriptorsPerOpen(run, head)),
      ),
    ],
    times: inCells.flatMap(({ name, before, now }) =>
      (Object.keys(timeMeasures) as TimeMeasure[]).map((measure) => timeSides(run, name, before, now, measure, freshFrom)),
    ),
    working: inCells.flatMap(({ name, before, now }) => {
      const isKnownToWork = before.samples.some(({ figures }) => figures !== null);
      return isKnownToWork ? [workingSides(name, now)] : [{ ...workingSides(name, before), failed: 0 }];
    }),
    notes: ["Base and head were interleaved in this run: counts are compared as they are, times within each block."],
  };
}

function timeSides(
  run: Run,
  backend: string,
  before: Cell,
  now: Cell,
  measure: TimeMeasure,
  freshFrom: number | null,
): TimeSides {
  const inBlocks = timesBy(now, before, measure);
  const ratios = inBlocks.map(({ value }) => value);
  const fresh = freshFrom === null ? [] : inBlocks.filter(({ block }) => block >= freshFrom).map(({ value }) => value);
  const middleUs = (cell: Cell) => {
    const values = timesOf(cell, measure).map(({ value }) => value / 1000);
    return values.length === 0 ? null : median(values);
  };
  return {
    backend,
    place: formatCell(now),
    measure,
    before: middleUs(before),
    now: middleUs(now),
    unit: "us",
    change: pairedChange(ratios),
    ratios,
    freshRatio: fresh.length === 0 ? null : median(fresh),
    floor: knownDifference(run, placeOf(now), measure),
    obstacle: null,
  };
}
