import { HISTORY_SCHEMA, type HistoryLine, type Run } from "../../results/index.js";

import type { Decision } from "./decision.js";
import { rowName } from "./decision-row.js";

/** The line that a history keeps of one run of the gate: each figure that it saw. */
export function historyLine(run: Run, { rows, verdict }: Decision, commit: string | null): HistoryLine {
  const figures = rows.flatMap((row) => {
    const { kind } = row.metric;
    return row.now === null || kind === "working" ? [] : [{ name: rowName(row), kind, unit: row.unit, value: row.now }];
  });
  const { fingerprint, kernel } = run.host;
  return { schema: HISTORY_SCHEMA, at: run.startedAt, runId: run.id, commit, fingerprint, kernel, verdict, figures };
}
