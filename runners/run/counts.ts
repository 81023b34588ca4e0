import {
  type Counts,
  type CountsByName,
  type FigureKey,
  isByName,
  type Party,
  parties,
  rowOf,
  type StartupFigure,
  startupFigures,
} from "../../results/index.js";

/** Exact counts repeat but for a few calls: the startup of our daemon was seen to vary by 27. */
const COUNTS_VARY_BY = 27;
/** The kernel's ticks. */
const SECONDS_VARY_BY = 0.01;

/** The whole may be smaller than the startup overhead by this much before the difference is unknown. Noise grows with the figure. */
function allowance(key: FigureKey, startup: number): number {
  const row = rowOf(key);
  if (row.startup === "machine") return Number.POSITIVE_INFINITY;
  const least = row.unit === "seconds" ? SECONDS_VARY_BY : COUNTS_VARY_BY;
  return row.startup === "noisy" ? Math.max(least, startup / 2) : least;
}

/** The startup overhead is so much larger than the whole that the job itself can't have begun with it. */
function isTooLarge(key: FigureKey, startup: number, whole: number): boolean {
  return startup - whole > allowance(key, startup);
}

/** The cost of a job beyond its startup overhead. */
export interface Net {
  /** A figure that can't be had is null; one that noise took below nothing is 0. */
  readonly counts: Counts;
  /** A line for each figure that is null because its startup overhead was larger than the whole. */
  readonly warnings: readonly string[];
}

/** The startup overhead of a load that has none: every count is 0. */
export function noCounts(): Counts {
  const zero = (key: StartupFigure) => (isByName(key) ? {} : 0);
  const counts = startupFigures.map((key) => {
    const value = rowOf(key).of === "party" ? Object.fromEntries(parties.map((party) => [party, zero(key)])) : zero(key);
    return [key, value];
  });
  return { operations: 0, ...(Object.fromEntries(counts) as Omit<Counts, "operations">) };
}

/** A figure of one party, or of the system. */
type Value = number | CountsByName | null;

/**
 * Takes the startup overhead (the same job of one operation) out of a job's counts. Divided by `operations` of the outcome they are
 * the cost of one operation.
 */
export function minus(whole: Counts, startup: Counts): Net {
  const warnings: string[] = [];
  const unknown = (key: FigureKey, party: Party | null, numbers: string): null => {
    const label = party === null ? rowOf(key).label : `${party} ${rowOf(key).label}`;
    warnings.push(`${label}: the startup overhead was larger than the whole (${numbers}): not known`);
    return null;
  };
  const difference = (key: FigureKey, party: Party | null, all: number | null, early: number | null): number | null => {
    if (all === null || early === null) return null;
    return isTooLarge(key, early, all) ? unknown(key, party, `${early} > ${all}`) : Math.max(0, all - early);
  };
  /** A name that is left out counts as 0, so one unknown count makes all of them unknown. */
  const byName = (key: FigureKey, party: Party | null, all: CountsByName | null, early: CountsByName | null) => {
    if (all === null || early === null) return null;
    const tooLarge = Object.entries(early).find(([name, count]) => isTooLarge(key, count, all[name] ?? 0));
    if (tooLarge !== undefined) return unknown(key, party, `${tooLarge[0]} ${tooLarge[1]} > ${all[tooLarge[0]] ?? 0}`);
    const differences = Object.entries(all).map(([name, count]) => [name, count - (early[name] ?? 0)] as const);
    return Object.fromEntries(differences.filter(([, count]) => count > 0));
  };
  const net = (key: FigureKey, party: Party | null, all: Value, early: Value): Value =>
    isByName(key)
      ? byName(key, party, all as CountsByName | null, early as CountsByName | null)
      : difference(key, party, all as number | null, early as number | null);
  const netOf = (key: StartupFigure): unknown => {
    if (rowOf(key).startup === "kept") return whole[key];
    if (rowOf(key).of !== "party") return net(key, null, whole[key] as Value, startup[key] as Value);
    const [all, early] = [whole[key], startup[key]] as Record<Party, Value>[];
    return Object.fromEntries(parties.map((party) => [party, net(key, party, all![party], early![party])]));
  };
  const figures = Object.fromEntries(startupFigures.map((key) => [key, netOf(key)])) as Omit<Counts, "operations">;
  return { counts: { operations: whole.operations - startup.operations, ...figures }, warnings };
}
