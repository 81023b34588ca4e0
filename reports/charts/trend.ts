import type { Series } from "../gate/series.js";
import type { ReportChart } from "./chart.js";
import { seriesColours } from "./colours.js";

/** Lines that a picture can hold: one for each colour. */
const MOST_LINES = seriesColours.length;

/** Figures over the runs of a history, each by its own first value, with points where a step begins made larger. */
export function trendChart(all: readonly Series[]): ReportChart {
  // What changed first; a figure that began at 0 has no ratio.
  const shown = all
    .filter(({ points }) => points.length > 1 && points[0]!.value > 0)
    .toSorted((a, b) => b.steps.length - a.steps.length)
    .slice(0, MOST_LINES);
  const length = Math.max(0, ...shown.map(({ points }) => points.length));
  const datasets = shown.map(({ name, points, steps }, index) => ({
    type: "line" as const,
    label: name,
    data: points.map(({ value }) => value / points[0]!.value),
    borderColor: seriesColours[index]!,
    backgroundColor: seriesColours[index]!,
    borderWidth: 2,
    pointRadius: points.map((_, at) => (steps.some((step) => step.at === at) ? 8 : 3)),
  }));
  return {
    name: "trend",
    title: "What the gate measured, run by run",
    notes: ["Each figure by its own first value. A large point is the first run of a new level."],
    slots: length,
    config: {
      type: "line",
      data: { labels: Array.from({ length }, (_, index) => String(index + 1)), datasets },
      options: {
        animation: false,
        maintainAspectRatio: false,
        layout: { padding: { left: 12, right: 24 } },
        scales: {
          x: { title: { display: true, text: "run", font: { size: 14 } } },
          y: { title: { display: true, text: "by its first value", font: { size: 14 } }, suggestedMin: 0.9, suggestedMax: 1.1 },
        },
        plugins: { legend: { display: true, position: "bottom", align: "start" } },
      },
    },
  };
}
