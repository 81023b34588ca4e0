import { dirname } from "node:path";
import type { Command } from "commander";
import { compare } from "../reports/figures/index.js";
import {
  cellRecords,
  cellsCsv,
  markdownPage,
  markdownReport,
  pricePage,
  priceSummary,
  terminalSummary,
  writePage,
  writeReports,
} from "../reports/pages/index.js";
import { priceCsv, priceRecords } from "../reports/prices/index.js";
import { type Run, readRun } from "../results/index.js";
import { sayLeftOut } from "./left-out.js";
import { choice } from "./option-values.js";

const formats = ["all", "table", "md", "csv", "html", "png"] as const;

interface Options {
  readonly format: (typeof formats)[number];
  readonly out?: string;
  readonly json?: boolean;
}

export function describe(command: Command): void {
  command
    .summary("write the tables, CSV, Markdown, HTML and PNG of a result")
    .description(
      "Prints the comparison of a result and writes report.html, report.md, cells.csv, samples.csv and charts/*.png beside it.",
    )
    .argument("<result>", "the directory of a run, or its run.json")
    .addOption(
      choice(
        "--format <format>",
        "table, md, csv: print it; html, png: write it; all: print the table, write the rest",
        formats,
      ).default("all"),
    )
    .option("--out <directory>", "directory of the report (default: that of the result)")
    .option("--json", "print the figures of every cell as JSON, write nothing")
    .addHelpText(
      "after",
      "\nExample:\n  fusemeter report results/runs/20260102-030405\n  fusemeter report run.json --format csv > cells.csv",
    )
    .action(report);
}

/** The directory of a report. */
function directoryOf(result: string, { out }: Options): string {
  return out ?? (result.endsWith(".json") ? dirname(result) : result);
}

/** A run over readahead windows has a report of its own kind: prices, not a comparison. */
async function pricesOf(run: Run, directory: string, { format, json }: Options): Promise<string> {
  const rates = { usdPerCoreHour: null, wattsPerCore: null };
  if (json === true) return JSON.stringify(priceRecords(run, rates), null, 1);
  const page = pricePage(run, rates);
  const { windows, prices } = priceCsv(run, rates);
  const write = (formats?: readonly ("html" | "png")[]) =>
    writePage(page, { "windows.csv": windows, "prices.csv": prices }, directory, formats);
  switch (format) {
    case "table":
      return priceSummary(run, rates, null);
    case "md":
      return markdownPage(page, []).trimEnd();
    case "csv":
      return windows.trimEnd();
    case "html":
    case "png":
      return (await write([format])).paths.join("\n");
    case "all":
      sayLeftOut(await write());
      return priceSummary(run, rates, directory);
  }
}

async function textOf(run: Run, directory: string, { format, json }: Options): Promise<string> {
  if (json === true) return JSON.stringify(cellRecords(compare(run)), null, 1);
  switch (format) {
    case "table":
      return terminalSummary(run, null);
    case "md":
      return markdownReport(compare(run), []).trimEnd();
    case "csv":
      return cellsCsv(compare(run)).trimEnd();
    case "html":
    case "png":
      return (await writeReports(run, directory, [format])).paths.join("\n");
    case "all":
      sayLeftOut(await writeReports(run, directory));
      return terminalSummary(run, directory);
  }
}

async function report(result: string, options: Options): Promise<void> {
  const run = await readRun(result);
  const write = run.request.readahead === undefined ? textOf : pricesOf;
  console.log(await write(run, directoryOf(result, options), options));
}
