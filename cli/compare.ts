import { basename, dirname } from "node:path";
import type { Command } from "commander";
import { type FigureName, figures, resultsGrid } from "../reports/pages/index.js";
import { markdown, terminal } from "../reports/tables/index.js";
import { readRun } from "../results/index.js";
import { choice } from "./option-values.js";

interface Words {
  readonly figure?: FigureName;
  readonly format: "table" | "md";
  readonly json?: boolean;
}

export function describe(command: Command): void {
  command
    .summary("two or more results side by side")
    .description(
      "A row a cell, a column a result. From the second on, the change to the first: ~ where none can be shown, with p and n. " +
        "Latencies of different hosts say little; their ratios to native and the counts are what carries over.",
    )
    .argument("<results...>", "directories of runs, or their run.json; the first is what the others are compared with")
    .addOption(choice("--figure <name>", "the figure to compare (default: all)", figures))
    .addOption(choice("--format <format>", "form of the tables", ["table", "md"]).default("table"))
    .option("--json", "print the tables as JSON")
    .addHelpText("after", "\nExample:\n  fusemeter compare results/runs/before results/runs/after --figure latency")
    .action(compare);
}

/** The shortest name that tells a column: the directory's. */
function columnOf(path: string): string {
  return basename(path.endsWith(".json") ? dirname(path) : path) || path;
}

async function compare(paths: readonly string[], { figure, format, json }: Words): Promise<void> {
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
