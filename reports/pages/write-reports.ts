import { join } from "node:path";
import { FusemeterError } from "../../errors.js";
import { type Run, writeWhole } from "../../results/index.js";

import { reportCharts } from "../charts/charts.js";
import { loadRenderPng } from "../charts/load-png.js";
import { compare } from "../figures/comparison.js";
import { cellsCsv, samplesCsv } from "./csv.js";
import { htmlPage } from "./html-page.js";
import { markdownPage } from "./markdown.js";
import { comparisonPage, type Page } from "./page.js";

/** The forms of a report. */
const reportFormats = ["html", "md", "csv", "png"] as const;
type ReportFormat = (typeof reportFormats)[number];

/** The outcome of writing a report. */
interface Written {
  /** The files, the one to open first at the beginning. */
  readonly paths: readonly string[];
  /** A line for each format that this host can't make, with the reason. */
  readonly leftOut: readonly string[];
}

/**
 * Writes the reports of a run beside its result: `report.html`, `report.md`, `cells.csv`, `samples.csv`, `charts/*.png`. A format
 * that this host can't make is left out, unless it alone was asked for.
 *
 * @param directory the run's directory
 * @throws {FusemeterError} `REPORT_NOT_WRITTEN`; `NO_CANVAS` where PNGs alone were asked for
 */
export async function writeReports(
  run: Run,
  directory: string,
  formats: readonly ReportFormat[] = reportFormats,
): Promise<Written> {
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
): Promise<Written> {
  const leftOut: string[] = [];
  const paths: string[] = [];
  const write = async (name: string, content: string | Uint8Array) => {
    const path = join(directory, name);
    await writeWhole(path, content);
    paths.push(path);
  };
  // Loaded first: Markdown links to the pictures only where they can be drawn.
  const renderPng = !formats.includes("png") ? null : await rendererOr(formats.length === 1 ? null : leftOut);
  const charts = renderPng === null ? [] : page.charts.map((chart) => ({ ...chart, path: `charts/${chart.name}.png` }));
  if (formats.includes("html")) await write("report.html", htmlPage(page));
  if (formats.includes("md")) await write("report.md", markdownPage(page, charts));
  if (formats.includes("csv")) for (const [name, text] of Object.entries(tables)) await write(name, text);
  if (renderPng !== null) for (const chart of charts) await write(chart.path, await renderPng(chart));
  return { paths, leftOut };
}

/** @param leftOut gets the reason where PNGs can't be drawn; null: that is an error */
async function rendererOr(leftOut: string[] | null): Promise<Awaited<ReturnType<typeof loadRenderPng>> | null> {
  try {
    return await loadRenderPng();
  } catch (error) {
    if (leftOut === null || !(error instanceof FusemeterError)) throw error;
    leftOut.push(error.message);
    return null;
  }
}
