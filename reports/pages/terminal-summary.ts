import { join } from "node:path";
import type { Run } from "../../results/index.js";

import { compare } from "../figures/comparison.js";
import { headline } from "../figures/verdict.js";
import { failures, warnings } from "../tables/notes.js";
import { terminal } from "../tables/table.js";
import { costTable, speedTable } from "./report-tables.js";

/**
 * The summary that `fusemeter run` prints at its end: the answer in two lines, the tables, failures and the path of the report.
 *
 * @param directory where the reports were written; null where they were not
 */
export function terminalSummary(run: Run, directory: string | null): string {
  const comparison = compare(run);
  const tables = [speedTable(comparison), costTable(comparison)].map(({ grid, align, notes }) =>
    [terminal(grid, align), ...notes.map((note) => `  ${note}`)].join("\n"),
  );
  const failed = failures(comparison).map((line) => `failed: ${line}`);
  const warned = warnings(comparison).map((line) => `warning: ${line}`);
  const report = directory === null ? "" : `Report: ${join(directory, "report.html")}`;
  const parts = [headline(comparison).join("\n"), ...tables, [...failed, ...warned].join("\n"), report];
  return parts.filter((part) => part !== "").join("\n\n");
}
