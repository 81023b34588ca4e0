import type { Command } from "commander";
import { loadRenderPng, trendChart } from "../reports/charts/index.js";
import { seriesOf, trendTable } from "../reports/gate/index.js";
import { readHistory, writeWhole } from "../results/index.js";

interface Options {
  readonly history: string;
  readonly only?: string;
  readonly picture?: string;
  readonly json?: boolean;
}

export function describe(command: Command): void {
  command
    .summary("show the gate's figures over time")
    .description(
      "Reads the history that fusemeter gate writes. Finds the runs at which a figure changed by a step, and draws a chart.",
    )
    .option("--history <file>", "history to read", "results/history.jsonl")
    .option("--only <text>", "only figures whose name contains this text")
    .option("--picture <file>", "write the chart as a PNG")
    .option("--json", "print every series as JSON instead of the table")
    .addHelpText("after", "\nExample:\n  fusemeter trend --only 'system calls' --picture trend.png")
    .action(trend);
}

async function trend({ history, only = "", picture, json }: Options): Promise<void> {
  const series = seriesOf(await readHistory(history)).filter(({ name }) => name.includes(only));
  if (picture !== undefined) {
    const renderPng = await loadRenderPng();
    await writeWhole(picture, await renderPng(trendChart(series)));
  }
  console.log(json === true ? JSON.stringify(series, null, 1) : trendTable(series));
}
