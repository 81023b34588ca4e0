import type { Comparison } from "../figures/comparison.js";
import { hostFacts } from "../tables/host-facts.js";
import { markdown } from "../tables/table.js";
import { comparisonPage, type Page } from "./page.js";

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, lines.map((line) => `- ${line}`).join("\n")];
}

/** A chart beside the report: its caption, and its path from there. */
export interface ChartLink {
  readonly title: string;
  readonly path: string;
}

/** A page as Markdown: verdicts, tables, charts, host, method, failures and warnings. */
export function markdownPage(page: Page, charts: readonly ChartLink[]): string {
  const { run } = page;
  const tables = page.tables.flatMap(({ title, grid, align, notes }) => [
    `## ${title}`,
    markdown(grid, align),
    notes.map((note) => `- ${note}`).join("\n"),
  ]);
  const sections = [
    `# ${page.title}`,
    page.answer.join("\n"),
    ...list("Verdicts", page.verdicts),
    ...list("Failures", page.failures),
    ...tables.filter((text) => text !== ""),
    ...(charts.length === 0 ? [] : ["## Charts", ...charts.map(({ title, path }) => `![${title}](${path})`)]),
    "## Host",
    markdown([["fact", "value"], ...hostFacts(run)], ["l", "l"]),
    ...list("How it was measured", page.method),
    ...list("Warnings", page.warnings),
    `Run ${run.id}, started ${run.startedAt}.`,
  ];
  return `${sections.join("\n\n")}\n`;
}

/** `report.md` of a comparison. */
export function markdownReport(comparison: Comparison, charts: readonly ChartLink[]): string {
  return markdownPage(comparisonPage(comparison, []), charts);
}
