import { median } from "simple-statistics";
import type { Cell, CountsByName, Party } from "../../results/index.js";
import type { Count } from "./count.js";
import { countedIn, timedIn } from "./samples.js";
import type { InBlock } from "./statistics.js";

/** A figure that can't be given: because there is nothing to count (native has no daemon), or because it was not measured. */
interface Missing {
  readonly applies: boolean;
  readonly reason: string;
}

/** A figure, or the reason why there is none. */
export type Figure = number | Missing;

const NO_DAEMON: Missing = { applies: false, reason: "native has no daemon" };
const NO_REQUESTS: Missing = { applies: false, reason: "native sends no FUSE requests" };

export function isMissing(figure: Figure): figure is Missing {
  return typeof figure !== "number";
}

/** A count of each counted run, by its operations. A run in which it is not known is left out. */
export function countedSeries(cell: Cell, count: Count): InBlock[] {
  return countedIn(cell).flatMap(({ block, figures }) => perSample(block, count.in(figures, cell), figures.operations));
}

/** A count of each timed run, by the operations behind its counts. A run in which it is not known is left out. */
export function timedSeries(cell: Cell, count: Count): InBlock[] {
  return timedIn(cell).flatMap(({ block, figures }) => perSample(block, count.in(figures, cell), figures.countedOperations));
}

function perSample(block: number, value: number | null, operations: number): InBlock[] {
  return value === null || operations === 0 ? [] : [{ block, value: value / operations }];
}

function reasonOf(cell: Cell, { runs }: Count): string {
  const [taken, good] = runs === "timed" ? [cell.samples, timedIn(cell)] : [cell.counts, countedIn(cell)];
  const kind = runs === "timed" ? "timed" : "counted";
  if (taken.length === 0) return `no ${kind} run was taken`;
  const failure = taken.flatMap((sample) => (sample.ok ? [] : [sample.failure]))[0];
  if (good.length === 0) return `no ${kind} run succeeded (${failure})`;
  return "not given by this host: see the warnings, or `fusemeter doctor`";
}

/**
 * A count of one operation in a cell: the median over its counted runs. Where they don't have it, timed runs give those counts that
 * cost nothing.
 */
export function perOperation(cell: Cell, count: Count): Figure {
  if (cell.kind === "native" && count.side === "daemon") return NO_DAEMON;
  if (cell.kind === "native" && count.side === "requests") return NO_REQUESTS;
  const counted = countedSeries(cell, count);
  const values = (counted.length > 0 ? counted : timedSeries(cell, count)).map(({ value }) => value);
  return values.length === 0 ? { applies: true, reason: reasonOf(cell, count) } : median(values);
}

/** The sum of figures that belong together: missing where one of them is missing. */
export function sum(...figures: readonly Figure[]): Figure {
  const missing = figures.find(isMissing);
  if (missing !== undefined) return missing;
  return (figures as readonly number[]).reduce((total, figure) => total + figure, 0);
}

export type SizeFigure = "answersBySize" | "deviceReadsBySize";

/**
 * Counts by name of one operation, the largest first: medians over the counted runs that have them. A name that a run lacks is 0
 * in it. Null where no run has them.
 */
export function byNamePerOperation(cell: Cell, key: "syscallsByName" | SizeFigure, party: Party = "daemon"): CountsByName | null {
  const known = countedIn(cell).flatMap(({ figures }) => {
    const counts = key === "syscallsByName" ? figures.syscallsByName[party] : figures[key];
    return counts === null || figures.operations === 0 ? [] : [{ counts, operations: figures.operations }];
  });
  if (known.length === 0) return null;
  const names = [...new Set(known.flatMap(({ counts }) => Object.keys(counts)))];
  const perName = names.map((name) => {
    const values = known.map(({ counts, operations }) => (counts[name] ?? 0) / operations);
    return [name, median(values)] as const;
  });
  return Object.fromEntries(perName.toSorted(([, a], [, b]) => b - a));
}
