import type { Cell, Run } from "../../results/index.js";

import { cellOfBackend } from "../figures/same-cell.js";
import { seriesOf } from "../figures/series.js";
import type { Compared, ComparedSlices, ComparedTime } from "./compared.js";
import { comparedCounts, comparedSuccess } from "./compared-cell.js";
import { placementsOf, slicesWithinRun } from "./compared-slices.js";
import { comparedTime, middle } from "./compared-time.js";
import { backendCounts, timeMetrics } from "./metrics.js";
import { backendCountsOf, countsOf, opcodesOf, timeRatiosOf } from "./values.js";

/** Two backends of one run: the same daemon before and after a change. */
export interface HeadPair {
  readonly name: string;
  readonly base: string;
  readonly head: string;
  /** Base under another name: what it differs from base by, this host makes by itself. Absent in results without slices. */
  readonly again?: string;
}

/**
 * Compares head with base. The two took turns in one run: a change of the host meanwhile fell on both.
 *
 * @param freshFrom of a result without slices: the first block that counts as measured again; null where none does
 */
export function comparedWithBase(run: Run, pairs: readonly HeadPair[], freshFrom: number | null): Compared {
  const inCells = pairs.flatMap(({ name, base, head, again }) =>
    run.cells.flatMap((now) => {
      const before = now.backend === head ? cellOfBackend(run, now, base) : undefined;
      const beforeAgain = again === undefined ? undefined : cellOfBackend(run, now, again);
      return before === undefined ? [] : [{ name, before, now, beforeAgain }];
    }),
  );
  const { slices: sliceRequest } = run.request;
  return {
    counts: [
      ...inCells.flatMap(({ name, before, now }) =>
        comparedCounts(name, now, { opcodes: opcodesOf(before), of: (metric) => countsOf(before, metric) }),
      ),
      ...pairs.flatMap(({ name, base, head }) =>
        backendCounts.flatMap((metric) => {
          const before = backendCountsOf(run, base, metric);
          const now = backendCountsOf(run, head, metric);
          return before.length === 0 ? [] : [{ backend: name, place: metric.place, metric, before, now }];
        }),
      ),
    ],
    slices: inCells.flatMap(({ name: backend, before: base, now: head, beforeAgain: again }) =>
      placementsOf(run, head).flatMap((placement) =>
        timeMetrics.map((metric): ComparedSlices => slicesWithinRun({ backend, base, head, again }, placement, metric)),
      ),
    ),
    times:
      sliceRequest === undefined
        ? inCells.flatMap(({ name, before, now }) => timesOfPair(run, name, before, now, freshFrom))
        : [],
    success: inCells.map(({ name, before, now }) => {
      const isKnownToWork = [...before.samples, ...before.counts, ...roundsOf(before)].some(({ ok }) => ok);
      // Beside a base that does not work, nothing tells whether head should.
      return isKnownToWork ? comparedSuccess(name, now) : { ...comparedSuccess(name, before), tried: 0, failed: 0 };
    }),
    notes: [
      sliceRequest === undefined
        ? "Base and head were interleaved in this run: counts are compared as they are, times within each block."
        : "Base and head took turns in this run: counts are compared as they are, times within each round.",
    ],
  };
}

const roundsOf = ({ slices }: Cell) => slices.flatMap(({ rounds }) => rounds);

function timesOfPair(run: Run, name: string, before: Cell, now: Cell, freshFrom: number | null): ComparedTime[] {
  return timeMetrics.map((metric) => {
    const medianUs = (cell: Cell) => middle(seriesOf(cell, metric.series).map(({ value }) => value / 1000));
    const said = { before: medianUs(before), now: medianUs(now), unit: "us" } as const;
    const ratios = timeRatiosOf(now, before, metric);
    return comparedTime(run, name, now, metric, { ratios, earlier: null, said, obstacle: null }, freshFrom);
  });
}
