import type { Column } from "./columns.js";
import type { Grid } from "./table.js";

/** A table of the report: its title, its text, the alignment of each column, and the notes below it. */
export interface ReportTable {
  readonly title: string;
  readonly grid: Grid;
  readonly align: readonly Column["align"][];
  readonly notes: readonly string[];
}
