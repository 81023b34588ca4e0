import type { Run } from "../../results/index.js";

import type { ReportChart } from "../charts/chart.js";
import type { Comparison } from "../figures/comparison.js";
import { headline, verdicts } from "../figures/verdict.js";
import { methodNotes } from "../tables/host-facts.js";
import { failures, warnings } from "../tables/notes.js";
import type { ReportTable } from "../tables/report-table.js";
import { reportTables } from "./report-tables.js";

/** The content of a page, from top to bottom. Empty lists leave no heading behind. */
export interface Page {
  readonly run: Run;
  readonly title: string;
  /** The answer in a few lines. */
  readonly answer: readonly string[];
  readonly failures: readonly string[];
  readonly verdicts: readonly string[];
  readonly tables: readonly ReportTable[];
  readonly charts: readonly ReportChart[];
  readonly method: readonly string[];
  readonly warnings: readonly string[];
}

/** The page of a comparison. */
export function comparisonPage(comparison: Comparison, charts: readonly ReportChart[]): Page {
  const { run } = comparison;
  return {
    run,
    title: "What a trip through user space costs",
    answer: headline(comparison),
    failures: failures(comparison),
    verdicts: verdicts(comparison),
    tables: reportTables(comparison),
    charts,
    method: methodNotes(run),
    warnings: warnings(comparison),
  };
}
