import { writeFile } from "node:fs/promises";
import { loadRenderPng, type ReportChart, seriesColours } from "../../reports/charts/index.js";
import type { CurvePoint } from "./curve.js";

const firstOf = <Value>(values: readonly Value[]) => [...new Set(values)];

/** The part of the drawn runs that were called a regression, over the true slowdown: a line for each daemon and load. */
export function curveChart(points: readonly CurvePoint[], budgetSeconds: number, host: string): ReportChart {
  const shown = points.filter((point) => point.budgetSeconds === budgetSeconds);
  const effects = firstOf(shown.map(({ effectPercent }) => effectPercent)).sort((a, b) => a - b);
  const daemons = firstOf(shown.map(({ daemon }) => daemon));
  const lines = daemons.flatMap((daemon) => firstOf(shown.map(({ load }) => load)).map((load) => ({ daemon, load })));
  const datasets = lines.map(({ daemon, load }) => {
    const colour = seriesColours[daemons.indexOf(daemon)]!;
    const own = shown.filter((point) => point.daemon === daemon && point.load === load);
    const data = effects.map((effect) => {
      const point = own.find(({ effectPercent }) => effectPercent === effect);
      return point === undefined ? null : (100 * point.drawn.regressions) / point.drawn.decisions;
    });
    return {
      type: "line" as const,
      label: `${daemon}, ${load === "busy" ? "all cores busy" : "quiet"}`,
      data,
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: 2.5,
      ...(load === "busy" && { borderDash: [7, 4] }),
      pointRadius: 4,
      spanGaps: true,
    };
  });
  const axis = (text: string) => ({ title: { display: true, text, font: { size: 14 } }, ticks: { font: { size: 13 } } });
  return {
    name: `gate-${budgetSeconds}s`,
    title: `Runs that the gate calls a regression, with a budget of ${budgetSeconds} s`,
    notes: [`${host}.`, "Runs drawn from the rounds of whole runs. The gate reports slowdowns of 2 percent or more."],
    slots: effects.length,
    config: {
      type: "line",
      data: { labels: effects.map((effect) => `${effect} %`), datasets },
      options: {
        animation: false,
        maintainAspectRatio: false,
        layout: { padding: { left: 12, right: 24 } },
        scales: { x: axis("true slowdown of a random read"), y: { ...axis("regression, % of the runs"), min: 0, max: 100 } },
        plugins: { legend: { display: true, position: "bottom", align: "start" } },
      },
    },
  };
}

/** Draws the curve as a PNG. */
export async function drawCurve(path: string, chart: ReportChart): Promise<void> {
  await writeFile(path, await (await loadRenderPng())(chart));
}
