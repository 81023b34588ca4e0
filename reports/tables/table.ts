import { markdownTable } from "markdown-table";
import type { ComparisonRow } from "../figures/comparison.js";
import type { Column } from "./columns.js";

/** The width that a table in a terminal keeps within. */
const TERMINAL_COLUMNS = 130;
/** A backend's name is cut to no less than this. */
const SHORTEST_NAME = 8;

/** A table of text: the header first. */
export type Grid = readonly (readonly string[])[];

export function gridOf(columns: readonly Column[], rows: readonly ComparisonRow[]): Grid {
  return [columns.map(({ header }) => header), ...rows.map((row) => columns.map(({ text }) => text(row)))];
}

/** A table in GitHub's Markdown. */
export function markdown(grid: Grid, align: readonly Column["align"][]): string {
  const escaped = grid.map((row) => row.map((text) => text.replaceAll("|", "\\|").replaceAll("~", "\\~")));
  return markdownTable(escaped, { align });
}

/**
 * The same table for a terminal, without outer bars. The first column leaves out a text that repeats. Names of backends, in the
 * second column, are cut where the table would be wider than 130 columns.
 */
export function terminal(grid: Grid, align: readonly Column["align"][]): string {
  const [header, ...rows] = grid;
  const thinned = rows.map((row, index) => (row[0] === rows[index - 1]?.[0] ? ["", ...row.slice(1)] : row));
  const render = (table: Grid) => {
    const lines = markdownTable(table, { align, delimiterStart: false, delimiterEnd: false }).split("\n");
    return lines.map((line, index) => (index === 1 ? line.replaceAll(":", "-") : line.trimEnd())).join("\n");
  };
  const whole = [header ?? [], ...thinned];
  const excess =
    Math.max(
      ...render(whole)
        .split("\n")
        .map(({ length }) => length),
    ) - TERMINAL_COLUMNS;
  if (excess <= 0) return render(whole);
  const longest = Math.max(...whole.map((row) => row[1]?.length ?? 0));
  const limit = Math.max(SHORTEST_NAME, longest - excess);
  const cut = (name: string) => (name.length > limit ? `${name.slice(0, limit - 1)}…` : name);
  return render(whole.map((row) => row.map((text, column) => (column === 1 ? cut(text) : text))));
}
