import { median } from "simple-statistics";
import { holm } from "../figures/rank-tests.js";
import type { ComparedCount, ComparedSuccess, ComparedTime } from "./compared.js";
import type { DecisionRow } from "./decision-row.js";
import { allowance, judgeCount } from "./judge-count.js";
import { judgeTime } from "./judge-time.js";
import type { Judgement } from "./judgement.js";
import { SUCCESS } from "./metrics.js";

export function countRow(compared: ComparedCount): DecisionRow {
  const { backend, place, metric, before, now } = compared;
  const middle = median([...before]);
  return {
    backend,
    place,
    metric,
    unit: metric.unit,
    before: middle,
    now: now.length === 0 ? null : median([...now]),
    interval: now.length === 0 ? null : { low: Math.min(...now), high: Math.max(...now) },
    n: `${before.length}+${now.length}`,
    p: null,
    canBeRepeated: now.length > 0,
    allowed: allowance(metric, middle),
    time: null,
    ...judgeCount(compared),
  };
}

/** One p value a time, corrected for all times of the run together. */
interface CorrectedPs {
  readonly p: number;
  readonly pFaster: number;
}

/** Holm's correction needs all times that are judged together. */
export function timeRows(all: readonly ComparedTime[], leastRatio: number): DecisionRow[] {
  const p = holm(all.map(({ change }) => change?.p ?? 1));
  const pFaster = holm(all.map(({ change }) => change?.pFaster ?? 1));
  return all.map((compared, index) => {
    const { backend, place, metric, unit, before, now, change, ratios, freshRatio, knownDifference, obstacle } = compared;
    const corrected = { p: p[index]!, pFaster: pFaster[index]! };
    const allowed = Math.max(leastRatio, knownDifference);
    return {
      backend,
      place,
      metric,
      unit,
      before,
      now,
      interval: change === null ? null : { low: change.low, high: change.high },
      n: change?.n ?? "0",
      p: change === null ? null : corrected.p,
      canBeRepeated: change !== null && obstacle === null,
      allowed,
      time: { change, ratios, freshRatio, knownDifference, obstacle },
      ...judgeCompared(compared, corrected, allowed),
    };
  });
}

function judgeCompared(
  { change, freshRatio, obstacle }: ComparedTime,
  { p, pFaster }: CorrectedPs,
  leastRatio: number,
): Judgement {
  if (change === null) return { verdict: "unknown", reason: "not measured" };
  if (obstacle !== null) return { verdict: "unknown", reason: obstacle };
  const wasRepeated = freshRatio !== null;
  const judgement = judgeTime(change, { correctedP: p, correctedPFaster: pFaster, leastRatio, wasRepeated });
  // A slowdown that the fresh blocks do not show by themselves was a disturbance of the earlier ones.
  if (judgement.verdict === "worse" && freshRatio! < Math.sqrt(leastRatio)) {
    return { verdict: "unknown", reason: "looked worse, and less so when it was measured again" };
  }
  return judgement;
}

/** Failed samples that must agree before a cell is called broken. */
const AGREEING = 2;

/** A row for a cell that gave no sample; none for a cell that gave one. */
export function successRows({ backend, place, tried, failed, failure }: ComparedSuccess): DecisionRow[] {
  if (failed < tried) return [];
  return [
    {
      backend,
      place,
      metric: SUCCESS,
      unit: SUCCESS.unit,
      before: null,
      now: failed === 0 ? null : 0,
      interval: null,
      n: String(tried),
      p: null,
      canBeRepeated: failed > 0,
      allowed: 0,
      time: null,
      verdict: failed === 0 ? "unknown" : failed < AGREEING ? "suspect" : "worse",
      reason: failure,
    },
  ];
}
