import { median } from "simple-statistics";
import { holm } from "../figures/rank-tests.js";
import { allowance, judgeCount } from "./judge-count.js";
import { judgeTime } from "./judge-time.js";
import type { Judgement, Verdict } from "./judgement.js";
import { blocksPlanned } from "./planning.js";
import type { CountSides, Sides, TimeSides, WorkingSides } from "./sides.js";

/** One line of the gate's table. */
export interface DecisionRow extends Judgement {
  readonly backend: string;
  readonly place: string;
  readonly measure: string;
  readonly kind: "count" | "time" | "working";
  /** Of `before` and `now`. */
  readonly unit: string;
  readonly before: number | null;
  readonly now: number | null;
  /** Of a count the range of its runs, of a time the 95 percent interval of now by before. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** How many runs or blocks are behind it, before + now where they differ. */
  readonly n: string;
  /** Corrected for all times that are judged together; null for a count, which is not tested. */
  readonly p: number | null;
  /** Whether more blocks could tell what is unknown. */
  readonly canBeRepeated: boolean;
  /** What is let pass: a count's tolerance in its own unit, a time's least ratio. */
  readonly allowed: number;
}

/** What a gate says. */
export interface Decision {
  readonly rows: readonly DecisionRow[];
  readonly verdict: "none slower" | "regression" | "can't tell";
  /** As in cli/: 0, 1 and 3. */
  readonly exitCode: 0 | 1 | 3;
  readonly notes: readonly string[];
  /** How many blocks it takes to see the least effect, by the noise of this run; null where no times are judged. */
  readonly plannedBlocks: number | null;
}

export interface DecisionRules {
  readonly measures: ReadonlySet<"counts" | "times">;
  /** The least effect worth reporting of a time, as a ratio: 1.05 is 5 percent slower. */
  readonly leastRatio: number;
}

/** What names a row from one look at the same run to the next. */
export function rowName({ backend, place, measure }: Pick<DecisionRow, "backend" | "place" | "measure">): string {
  return `${backend}: ${place}: ${measure}`;
}

function rowOfCount(sides: CountSides): DecisionRow {
  const { measure, before, now } = sides;
  const middle = median([...before]);
  return {
    ...sides,
    ...judgeCount(measure, before, now),
    kind: "count",
    unit: measure.startsWith("descriptors") ? "" : "per I/O",
    before: middle,
    now: now.length === 0 ? null : median([...now]),
    interval: now.length === 0 ? null : { low: Math.min(...now), high: Math.max(...now) },
    n: `${before.length}+${now.length}`,
    p: null,
    canBeRepeated: now.length > 0,
    allowed: allowance(measure, middle),
  };
}

function rowsOfTimes(all: readonly TimeSides[], rules: DecisionRules): DecisionRow[] {
  const p = holm(all.map(({ change }) => change?.p ?? 1));
  const pFaster = holm(all.map(({ change }) => change?.pFaster ?? 1));
  return all.map((sides, index) => {
    const { change, floor, freshRatio, obstacle } = sides;
    const leastRatio = Math.max(rules.leastRatio, floor);
    const rest = {
      ...sides,
      kind: "time" as const,
      interval: change === null ? null : { low: change.low, high: change.high },
      n: change?.n ?? "0",
      p: change === null ? null : p[index]!,
      canBeRepeated: change !== null && obstacle === null,
      allowed: leastRatio,
    };
    if (change === null) return { ...rest, verdict: "unknown", reason: "not measured" };
    if (obstacle !== null) return { ...rest, verdict: "unknown", reason: obstacle };
    const wasRepeated = freshRatio !== null;
    const judgement = judgeTime(change, { correctedP: p[index]!, correctedPFaster: pFaster[index]!, leastRatio, wasRepeated });
    // What the blocks of the second look do not show by themselves was a disturbance of the first.
    if (judgement.verdict === "worse" && freshRatio !== null && freshRatio < Math.sqrt(leastRatio)) {
      return { ...rest, verdict: "unknown", reason: "looked worse, and less so when it was measured again" };
    }
    return { ...rest, ...judgement };
  });
}

function rowOfWorking({ backend, place, tried, failed, failure }: WorkingSides): DecisionRow[] {
  if (tried > 0 && failed < tried) return [];
  const verdict: Verdict = failed === 0 ? "unknown" : failed < 2 ? "suspect" : "worse";
  return [
    {
      backend,
      place,
      measure: "samples that succeed",
      kind: "working",
      unit: "",
      before: null,
      now: failed === 0 ? null : 0,
      interval: null,
      n: String(tried),
      p: null,
      canBeRepeated: failed > 0,
      allowed: 0,
      verdict,
      reason: failure,
    },
  ];
}

const weight: Readonly<Record<Verdict, number>> = { worse: 0, suspect: 1, unknown: 2, better: 3, same: 4 };

/** Judges all that is compared. `suspect` stays in the rows: whoever can measures again; in a verdict it can't be told. */
export function decide({ counts, times, working, notes }: Sides, rules: DecisionRules): Decision {
  const gone = working.flatMap(rowOfWorking);
  // What gave no sample at all is said once, not for each of its measures.
  const silent = new Set(gone.map(({ backend, place }) => `${backend}: ${place}`));
  const isHeard = ({ backend, place }: CountSides | TimeSides) => !silent.has(`${backend}: ${place}`);
  const rows = [
    ...gone,
    ...(rules.measures.has("counts") ? counts.filter(isHeard).map(rowOfCount) : []),
    ...(rules.measures.has("times") ? rowsOfTimes(times.filter(isHeard), rules) : []),
  ].toSorted((a, b) => weight[a.verdict] - weight[b.verdict]);
  const has = (...verdicts: readonly Verdict[]) => rows.some(({ verdict }) => verdicts.includes(verdict));
  const verdict = has("worse") ? "regression" : has("suspect", "unknown") || rows.length === 0 ? "can't tell" : "none slower";
  return {
    rows,
    verdict,
    exitCode: verdict === "regression" ? 1 : verdict === "can't tell" ? 3 : 0,
    notes,
    plannedBlocks: rules.measures.has("times")
      ? blocksPlanned(
          times.map(({ ratios }) => ratios),
          rules.leastRatio,
        )
      : null,
  };
}
