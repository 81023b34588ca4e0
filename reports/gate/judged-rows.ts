import { median } from "simple-statistics";
import { holm } from "../figures/rank-tests.js";
import type { ComparedCount, ComparedSlices, ComparedSuccess, ComparedTime } from "./compared.js";
import type { DecisionRow } from "./decision-row.js";
import { allowance, judgeCount } from "./judge-count.js";
import { farEnd, judgeSlices, type SliceRules } from "./judge-slices.js";
import { judgeTime } from "./judge-time.js";
import type { Judgement } from "./judgement.js";
import { interval95, slowerP } from "./log-ratio.js";
import type { Look } from "./looks.js";
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

/** The rows of times by slices. All of them share the error of the look. */
export function sliceRows(all: readonly ComparedSlices[], leastRatio: number, look: Look): DecisionRow[] {
  const rules: SliceRules = { leastRatio, look, together: all.length };
  return all.map((compared) => {
    const { backend, place, metric, unit, before, now, change, ratios, earlier, obstacle } = compared;
    const knownDifference = knownDifferenceOf(compared);
    const p = change === null ? null : Math.min(1, slowerP(change) * all.length);
    const interval = change === null ? null : interval95(change);
    const n = earlier === null ? String(ratios.length) : `${earlier.length}+${ratios.length}`;
    return {
      backend,
      place,
      metric,
      unit,
      before,
      now,
      interval,
      n,
      p,
      canBeRepeated: obstacle === null,
      allowed: Math.max(leastRatio, knownDifference),
      time: {
        change: change && { ratio: Math.exp(change.centre), ...change },
        ratios,
        freshRatio: null,
        knownDifference,
        obstacle,
      },
      ...judgeCompared(compared, rules),
    };
  });
}

const knownDifferenceOf = ({ floor, drift }: ComparedSlices) => Math.max(farEnd(floor), drift);

function judgeCompared(compared: ComparedSlices, rules: SliceRules): Judgement {
  const { change, ratios, earlier, obstacle } = compared;
  if (obstacle !== null) return { verdict: "unknown", reason: obstacle };
  if (ratios.length === 0) return { verdict: "unknown", reason: "not measured" };
  const rounds = Math.min(ratios.length, earlier?.length ?? ratios.length);
  return judgeSlices({ change, knownDifference: knownDifferenceOf(compared), rounds }, rules);
}

/** One p value a time, corrected for all times of the run together. */
interface CorrectedPs {
  readonly p: number;
  readonly pFaster: number;
}

/** The rows of times by blocks. Holm's correction needs all of them together. */
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
      ...judgeBlocks(compared, corrected, allowed),
    };
  });
}

function judgeBlocks({ change, freshRatio, obstacle }: ComparedTime, { p, pFaster }: CorrectedPs, leastRatio: number): Judgement {
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

/** The verdict on a cell whose attempts failed: all of them, or rounds of slices among others that succeeded. */
function judgeFailures({ tried, failed, failedRounds, failure }: ComparedSuccess): Judgement {
  if (failed < tried) return { verdict: "unknown", reason: `${failedRounds} rounds of slices failed: ${failure}` };
  return { verdict: failed === 0 ? "unknown" : failed < AGREEING ? "suspect" : "worse", reason: failure };
}

/** A row for a cell that gave no sample, or that failed in a round of slices; none for a cell without failures. */
export function successRows(success: ComparedSuccess): DecisionRow[] {
  const { backend, place, tried, failed, failedRounds } = success;
  const isSilent = failed >= tried;
  if (!isSilent && failedRounds === 0) return [];
  return [
    {
      backend,
      place,
      metric: SUCCESS,
      unit: SUCCESS.unit,
      before: null,
      now: failed === 0 ? null : tried - failed,
      interval: null,
      n: String(tried),
      p: null,
      canBeRepeated: isSilent && failed > 0,
      allowed: 0,
      time: null,
      ...judgeFailures(success),
    },
  ];
}
