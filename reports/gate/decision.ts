import type { Compared, ComparedCount, ComparedTime } from "./compared.js";
import type { DecisionRow } from "./decision-row.js";
import { countRow, successRows, timeRows } from "./judged-rows.js";
import type { Verdict } from "./judgement.js";
import { blocksPlanned } from "./planning.js";

/** The gate's answer. */
export interface Decision {
  readonly rows: readonly DecisionRow[];
  readonly verdict: "none slower" | "regression" | "can't tell";
  readonly notes: readonly string[];
  /** The blocks that it takes to see the least effect, by the noise of this run; null where no times are judged. */
  readonly plannedBlocks: number | null;
}

export interface DecisionRules {
  /** The kinds of metrics that are judged. */
  readonly kinds: ReadonlySet<"counts" | "times">;
  /** The least effect worth reporting of a time, as a ratio: 1.05 is 5 percent slower. */
  readonly leastRatio: number;
}

/** The order of the rows: first those that a reader must see. */
const rank: Readonly<Record<Verdict, number>> = { worse: 0, suspect: 1, unknown: 2, better: 3, same: 4 };

/** Judges all that is compared. A row that is `suspect` may be measured again; in the verdict it can't be told. */
export function decide({ counts, times, success, notes }: Compared, rules: DecisionRules): Decision {
  const gone = success.flatMap(successRows);
  // A cell that gave no sample at all is said once, not for each of its metrics.
  const silent = new Set(gone.map(({ backend, place }) => `${backend}: ${place}`));
  const isHeard = ({ backend, place }: ComparedCount | ComparedTime) => !silent.has(`${backend}: ${place}`);
  const hasTimes = rules.kinds.has("times");
  const rows = [
    ...gone,
    ...(rules.kinds.has("counts") ? counts.filter(isHeard).map(countRow) : []),
    ...(hasTimes ? timeRows(times.filter(isHeard), rules.leastRatio) : []),
  ].toSorted((a, b) => rank[a.verdict] - rank[b.verdict]);
  const ratios = times.map((time) => time.ratios);
  return { rows, verdict: verdictOf(rows), notes, plannedBlocks: hasTimes ? blocksPlanned(ratios, rules.leastRatio) : null };
}

function verdictOf(rows: readonly DecisionRow[]): Decision["verdict"] {
  const has = (...verdicts: readonly Verdict[]) => rows.some(({ verdict }) => verdicts.includes(verdict));
  if (has("worse")) return "regression";
  return has("suspect", "unknown") || rows.length === 0 ? "can't tell" : "none slower";
}
