import { join } from "node:path";
import type { Run } from "../../results/index.js";

import type { Rates } from "../prices/price-list.js";
import { terminal } from "../tables/table.js";
import { pricePage } from "./price-page.js";

/** The summary that `fusemeter readahead` prints at its end: the answer, the tables, failures and the path of the report. */
export function priceSummary(run: Run, rates: Rates, directory: string | null): string {
  const { answer, tables, failures, warnings } = pricePage(run, rates, false);
  const texts = tables.map(({ title, grid, align, notes }) =>
    [`${title}:`, "", terminal(grid, align), ...notes.map((note) => `  ${note}`)].join("\n"),
  );
  const problems = [...failures.map((line) => `failed: ${line}`), ...warnings.map((line) => `warning: ${line}`)];
  const parts = [
    answer.join("\n"),
    ...texts,
    problems.join("\n"),
    directory === null ? "" : `Report: ${join(directory, "report.html")}`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}
