import { median } from "simple-statistics";
import type { Cell, Run } from "../../results/index.js";

import { formatCell } from "../figures/formats.js";
import type { InBlock } from "../figures/statistics.js";
import type { ComparedTime } from "./compared.js";
import { pairedChange, unpairedChange } from "./judge-time.js";
import { knownDifference } from "./known-difference.js";
import type { TimeMetric } from "./metric.js";

/** Two series of one time. */
interface Series {
  /** By the reference in the same block: native, or base. */
  readonly ratios: readonly InBlock[];
  /** The same ratios of an earlier sitting; null where the reference itself is before. */
  readonly earlier: readonly number[] | null;
  /** Medians before and now, with their unit. */
  readonly said: Pick<ComparedTime, "before" | "now" | "unit">;
  /** The reason for which nothing may be concluded; null where something may. */
  readonly obstacle: string | null;
}

/**
 * One time of a cell, before and now.
 *
 * @param freshFrom the first block that was measured after something had looked worse; null where none was
 */
export function comparedTime(
  run: Run,
  backend: string,
  cell: Cell,
  metric: TimeMetric,
  { ratios, earlier, said, obstacle }: Series,
  freshFrom: number | null,
): ComparedTime {
  const now = ratios.map(({ value }) => value);
  const fresh = freshFrom === null ? [] : ratios.filter(({ block }) => block >= freshFrom).map(({ value }) => value);
  return {
    backend,
    place: formatCell(cell),
    metric,
    ...said,
    change: earlier === null ? pairedChange(now) : unpairedChange(earlier, now),
    ratios: now,
    freshRatio:
      fresh.length === 0 || earlier?.length === 0 ? null : median(fresh) / (earlier === null ? 1 : median([...earlier])),
    knownDifference: knownDifference(run, cell, metric),
    obstacle,
  };
}

/** The median; null of no values. */
export function middle(values: readonly number[]): number | null {
  return values.length === 0 ? null : median([...values]);
}
