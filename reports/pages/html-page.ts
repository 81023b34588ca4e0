import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ReportChart } from "../charts/chart.js";
import { pluginSource } from "../charts/plugin.js";
import { hostFacts } from "../tables/host-facts.js";
import { escapeMarkup } from "../tables/markup.js";
import type { ReportTable } from "../tables/report-table.js";
import { drawChartsSource } from "./html-script.js";
import { style } from "./html-style.js";
import type { Page } from "./page.js";

function list(lines: readonly string[]): string {
  return `<ul>${lines.map((line) => `<li>${escapeMarkup(line).replace(/`([^`]+)`/g, "<code>$1</code>")}</li>`).join("")}</ul>`;
}

/** A section with a heading; nothing where it would be empty. */
function section(title: string, lines: readonly string[], className = ""): string {
  return lines.length === 0 ? "" : `<section class="${className}"><h2>${escapeMarkup(title)}</h2>${list(lines)}</section>`;
}

function htmlTable({ title, grid, align, notes }: ReportTable): string {
  const [header, ...rows] = grid;
  const cell = (tag: string, text: string, column: number) => {
    const paperClass = /^(Green|Yellow|Orange|Red)\??$/.exec(text)?.[1];
    const classes = [align[column] === "r" ? "r" : "", paperClass === undefined ? "" : `class-${paperClass.toLowerCase()}`];
    return `<${tag} class="${classes.join(" ").trim()}">${escapeMarkup(text)}</${tag}>`;
  };
  const head = (header ?? []).map((text, column) => cell("th", text, column)).join("");
  const body = rows.map((row, index) => {
    // A rule above each new group of backends.
    const isFirst = row[0] !== rows[index - 1]?.[0];
    return `<tr${isFirst ? ' class="first"' : ""}>${row.map((text, column) => cell("td", text, column)).join("")}</tr>`;
  });
  return `<section><h2>${escapeMarkup(title)}</h2><div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>${list(notes)}</section>`;
}

function figure({ name, title, notes, slots }: ReportChart): string {
  // A canvas has no text of its own for those who can't see it.
  return `<figure><figcaption><strong>${escapeMarkup(title)}</strong><br>${notes.map(escapeMarkup).join("<br>")}</figcaption>
<div class="wide"><div class="chart" style="min-width:${slots * 100 + 90}px"><canvas id="${escapeMarkup(name)}" role="img" aria-label="${escapeMarkup(title)}"></canvas></div></div></figure>`;
}

/** JSON inside a script element: nothing in it may end the element. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function chartJs(): string {
  const main = createRequire(import.meta.url).resolve("chart.js");
  return readFileSync(join(dirname(main), "chart.umd.min.js"), "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, "");
}

/** One file that holds all it needs. */
export function htmlPage({ run, title, answer, failures, verdicts, tables, charts, method, warnings }: Page): string {
  const host = hostFacts(run).map(([name, value]) => `<tr><th>${escapeMarkup(name)}</th><td>${escapeMarkup(value)}</td></tr>`);
  const configs = Object.fromEntries(charts.map(({ name, config }) => [name, config]));
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>fusemeter ${escapeMarkup(run.id)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${escapeMarkup(title)}</h1>
${answer.map((line) => `<p class="answer">${escapeMarkup(line)}</p>`).join("\n")}
<p>Run ${escapeMarkup(run.id)}, started ${escapeMarkup(run.startedAt)}.</p></header>
${section("Failures", failures, "failures")}
${section("Verdicts", verdicts)}
${tables.map(htmlTable).join("\n")}
${charts.length === 0 ? "" : `<section><h2>Charts</h2>${charts.map(figure).join("\n")}</section>`}
<section><h2>Host</h2><div class="wide"><table class="facts">${host.join("")}</table></div></section>
${section("How it was measured", method)}
${section("Warnings", warnings)}
<script>${chartJs()}</script>
<script type="application/json" id="charts">${json(configs)}</script>
<script>${drawChartsSource(pluginSource)}</script>
</body>
</html>
`;
}
