import { basename, dirname } from "node:path";
import type { Command } from "commander";
import { type FigureName, figures, markdown, resultsGrid, terminal } from "../reports/tables/index.js";
import { readRun } from "../results/index.js";
import { choice } from "./option-values.js";

interface Options {
  readonly figure?: FigureName;
  readonly format: "table" | "md";
  readonly json?: boolean;
}

export function describe(command: Command): void {
  command
    .summary("compare two or more results side by side")
    .description(
      "One row per cell, one column per result. Each further result shows its change from the first, with p and n. " +
        "The mark ~ means that no change can be shown. Across hosts, compare ratios and counts, not latencies.",
    )
    .argument("<results...>", "directories of runs, or their run.json; the first is the reference")
    .addOption(choice("--figure <name>", "the figure to compare (default: all)", figures))
    .addOption(choice("--format <format>", "form of the tables", ["table", "md"]).default("table"))
    .option("--json", "print the tables as JSON")
    .addHelpText("after", "\nExample:\n  fusemeter compare results/runs/before results/runs/after --figure latency")
    .action(compare);
}

/** The shortest name that tells a column: that of the directory. */
function columnOf(path: string): string {
  return basename(path.endsWith(".json") ? dirname(path) : path) || path;
}

async function compare(paths: readonly string[], { figure, format, json }: Options): Promise<void> {
  const results = await Promise.all(paths.map(async (path) => ({ name: columnOf(path), run: await readRun(path) })));
  const grids = (figure === undefined ? figures : [figure])
    .map((name) => resultsGrid(results, name))
    .filter(({ length }) => length > 1);
  if (json === true) {
    console.log(JSON.stringify(grids, null, 1));
    return;
  }
  const align = (grid: readonly (readonly string[])[]) => grid[0]!.map((_, column) => (column === 0 ? "l" : "r") as "l" | "r");
  const tables = grids.map((grid) => (format === "md" ? markdown(grid, align(grid)) : terminal(grid, align(grid))));
  const hosts = new Set(results.map(({ run }) => run.host.fingerprint));
  const doubt = hosts.size > 1 ? ["These results come from different hosts: compare ratios and counts, not latencies."] : [];
  console.log([...tables, ...doubt].join("\n\n"));
}
