import type { Compared } from "./compared.js";
import type { DecisionRow } from "./decision-row.js";
import { countRow, sliceRows, successRows, timeRows } from "./judged-rows.js";
import type { Verdict } from "./judgement.js";
import { type Look, ONLY_LOOK } from "./looks.js";
import { roundsPlanned } from "./planning.js";

/** The gate's answer. */
export interface Decision {
  readonly rows: readonly DecisionRow[];
  readonly verdict: "none slower" | "regression" | "can't tell";
  readonly notes: readonly string[];
  /** The rounds that it takes to tell the least effect, by the noise of this run; null where that is not known. */
  readonly plannedRounds: number | null;
}

export interface DecisionRules {
  /** The kinds of metrics that are judged. */
  readonly kinds: ReadonlySet<"counts" | "times">;
  /** The least effect worth reporting of a time, as a ratio: 1.02 is 2 percent slower. */
  readonly leastRatio: number;
}

/** The order of the rows: first those that a reader must see. */
const rank: Readonly<Record<Verdict, number>> = { worse: 0, suspect: 1, unknown: 2, better: 3, same: 4 };

/**
 * Judges all that is compared. A row that is `suspect` may be measured again; in the verdict it can't be told.
 *
 * @param look the errors that this look at the times may make; default: it is the only one
 */
export function decide(compared: Compared, { kinds, leastRatio }: DecisionRules, look: Look = ONLY_LOOK): Decision {
  const { counts, slices, times, success, notes } = compared;
  const failing = success.flatMap(successRows);
  // A cell that gave no sample at all is said once, not for each of its metrics.
  const silent = new Set(
    success.filter(({ tried, failed }) => failed >= tried).map(({ backend, place }) => `${backend}: ${place}`),
  );
  const isHeard = ({
    backend,
    place,
    cell = place,
  }: {
    readonly backend: string;
    readonly place: string;
    readonly cell?: string;
  }) => !silent.has(`${backend}: ${cell}`);
  const hasTimes = kinds.has("times");
  const rows = [
    ...failing,
    ...(kinds.has("counts") ? counts.filter(isHeard).map(countRow) : []),
    ...(hasTimes ? [...sliceRows(slices.filter(isHeard), leastRatio, look), ...timeRows(times.filter(isHeard), leastRatio)] : []),
  ].toSorted((a, b) => rank[a.verdict] - rank[b.verdict]);
  const ratios = [...slices, ...times].map((time) => time.ratios);
  const plannedRounds = hasTimes ? roundsPlanned(ratios, leastRatio) : null;
  const short = hasTimes ? shortfall(slices.filter(isHeard), rows, plannedRounds, leastRatio) : [];
  return { rows, verdict: verdictOf(rows), notes: [...notes, ...short], plannedRounds };
}

/** A line where times can't be told for want of rounds: the rounds that there are, and those that it would take. */
function shortfall(
  slices: Compared["slices"],
  rows: readonly DecisionRow[],
  plannedRounds: number | null,
  leastRatio: number,
): string[] {
  const rounds = Math.min(...slices.map(({ ratios }) => ratios.length));
  const isOpen = rows.some(
    ({ metric, verdict, canBeRepeated }) => metric.kind === "time" && verdict === "unknown" && canBeRepeated,
  );
  if (!isOpen || plannedRounds === null || plannedRounds <= rounds) return [];
  const effect = Number(((leastRatio - 1) * 100).toFixed(2));
  return [`By the noise of this run it takes about ${plannedRounds} rounds to tell ${effect} percent; there are ${rounds}.`];
}

function verdictOf(rows: readonly DecisionRow[]): Decision["verdict"] {
  const has = (...verdicts: readonly Verdict[]) => rows.some(({ verdict }) => verdicts.includes(verdict));
  if (has("worse")) return "regression";
  return has("suspect", "unknown") || rows.length === 0 ? "can't tell" : "none slower";
}
