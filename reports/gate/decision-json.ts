import type { Decision } from "./decision.js";
import type { DecisionRow } from "./decision-row.js";

/** A row of gate.json. Its names are published: they stay. */
function rowJson({ metric, time, ...row }: DecisionRow) {
  const { backend, place, ...figures } = row;
  const series =
    time === null
      ? {}
      : {
          change: time.change,
          ratios: time.ratios,
          freshRatio: time.freshRatio,
          floor: time.knownDifference,
          obstacle: time.obstacle,
        };
  return { backend, place, measure: metric.id, kind: metric.kind, ...figures, ...series };
}

/**
 * The decision as gate.json holds it.
 *
 * @param exitCode the code that the command ends with
 */
export function decisionJson({ rows, verdict, notes, plannedRounds }: Decision, exitCode: number) {
  return { rows: rows.map(rowJson), verdict, exitCode, notes, plannedBlocks: plannedRounds };
}

/** gate.json, parsed. */
export type DecisionJson = ReturnType<typeof decisionJson>;
