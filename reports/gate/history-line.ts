import { HISTORY_SCHEMA, type HistoryLine, type Run } from "../../results/index.js";

import { type Decision, rowName } from "./decision.js";

/** What a history keeps of a gate: each figure that it saw. */
export function historyLine(run: Run, { rows, verdict }: Decision, commit: string | null): HistoryLine {
  const figures = rows.flatMap((row) =>
    row.now === null || row.kind === "working" ? [] : [{ name: rowName(row), kind: row.kind, unit: row.unit, value: row.now }],
  );
  const { fingerprint, kernel } = run.host;
  return { schema: HISTORY_SCHEMA, at: run.startedAt, runId: run.id, commit, fingerprint, kernel, verdict, figures };
}
