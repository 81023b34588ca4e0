import { join } from "node:path";
import { type Run, writeWhole } from "../../results/index.js";

import { reportCharts } from "../charts/charts.js";
import { compare } from "../figures/comparison.js";
import { cellsCsv, samplesCsv } from "./csv.js";
import { htmlPage } from "./html-page.js";
import { markdownPage } from "./markdown.js";
import { comparisonPage, type Page } from "./page.js";

/** What a report is written as. */
const reportFormats = ["html", "md", "csv", "png"] as const;
type ReportFormat = (typeof reportFormats)[number];

/**
 * Writes the reports of a run beside its result: `report.html`, `report.md`, `cells.csv`, `samples.csv`, `charts/*.png`.
 *
 * @param directory the run's directory
 * @throws {FusemeterError} `REPORT_NOT_WRITTEN`
 * @returns the paths that were written, the one to open first
 */
export async function writeReports(
  run: Run,
  directory: string,
  formats: readonly ReportFormat[] = reportFormats,
): Promise<string[]> {
  const comparison = compare(run);
  const page = comparisonPage(comparison, reportCharts(comparison));
  return writePage(page, { "cells.csv": cellsCsv(comparison), "samples.csv": samplesCsv(comparison) }, directory, formats);
}

/** Writes a page as `report.html` and `report.md`, its charts, and tables by the names of their files. */
export async function writePage(
  page: Page,
  tables: Readonly<Record<string, string>>,
  directory: string,
  formats: readonly ReportFormat[] = reportFormats,
): Promise<string[]> {
  const links = page.charts.map(({ name, title }) => ({ title, path: `charts/${name}.png` }));
  const written: string[] = [];
  const write = async (name: string, content: string | Uint8Array) => {
    const path = join(directory, name);
    await writeWhole(path, content);
    written.push(path);
  };
  if (formats.includes("html")) await write("report.html", htmlPage(page));
  if (formats.includes("md")) await write("report.md", markdownPage(page, formats.includes("png") ? links : []));
  if (formats.includes("csv")) for (const [name, text] of Object.entries(tables)) await write(name, text);
  if (formats.includes("png")) {
    // Loaded late: a canvas is the heaviest thing here, and most commands draw nothing.
    const { renderPng } = await import("../charts/png.js");
    for (const chart of page.charts) await write(`charts/${chart.name}.png`, await renderPng(chart));
  }
  return written;
}
