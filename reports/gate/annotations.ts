import type { Decision } from "./decision.js";
import { rowName } from "./decision-row.js";
import { sentence } from "./junit.js";

/** Escapes the characters that have a meaning in a workflow command of GitHub. */
function escapeCommand(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** GitHub shows this many annotations of one kind a step, and no more. */
const MOST = 10;

/** Workflow commands for GitHub Actions: one error for each regression, one warning for all rows that can't be told. */
export function annotations({ rows }: Decision): string[] {
  const errors = rows
    .filter(({ verdict }) => verdict === "worse")
    .slice(0, MOST)
    .map((row) => `::error title=fusemeter gate::${escapeCommand(`${rowName(row)}: ${sentence(row)}`)}`);
  const untold = rows.filter(({ verdict }) => verdict === "unknown" || verdict === "suspect");
  const [first] = untold;
  if (first === undefined) return errors;
  const others = untold.length > 1 ? ` (and ${untold.length - 1} more)` : "";
  return [
    ...errors,
    `::warning title=fusemeter gate::${escapeCommand(`can't tell: ${rowName(first)}: ${sentence(first)}${others}`)}`,
  ];
}
