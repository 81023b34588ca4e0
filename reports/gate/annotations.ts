import { type Decision, rowName } from "./decision.js";
import { sentence } from "./junit.js";

/** Escapes what GitHub's workflow commands would take for their own. */
function escapeCommand(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** GitHub shows no more than so many annotations of one kind a step. */
const MOST = 10;

/** Workflow commands for GitHub Actions: an error a regression, one warning for all that can't be told. */
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
