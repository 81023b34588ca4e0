import type { ComparisonRow } from "../figures/comparison.js";
import { formatMeasured } from "../figures/formats.js";
import { type ChartConfig, groupedConfig } from "./chart.js";
import { pairColours } from "./colours.js";
import type { SlotMarks } from "./marks.js";

/** The legend of {@link latencyConfig} in words. */
export const latencyNotes = ["Points: median over blocks of a block's mean and 99th percentile. The axis is logarithmic."];

/** The lower figure is labelled below, the higher above: where a long tail pulls the mean over p99 they change places. */
function marksOf({ meanLatencyUs, p99LatencyUs }: ComparisonRow): SlotMarks {
  if (meanLatencyUs === null || p99LatencyUs === null) return { whisker: null, above: null, below: null };
  const [low, high] = [meanLatencyUs.median, p99LatencyUs.median].toSorted((a, b) => a - b) as [number, number];
  return {
    whisker: { low, high, ends: "plain" },
    above: { lines: [formatMeasured(high)], value: high },
    below: { lines: [formatMeasured(low)], value: low },
  };
}

/** Mean and 99th percentile of an I/O's latency, two points a backend. */
export function latencyConfig(rows: readonly ComparisonRow[]): ChartConfig {
  const means = rows.map(({ meanLatencyUs }) => meanLatencyUs?.median ?? null);
  const p99s = rows.map(({ p99LatencyUs }) => p99LatencyUs?.median ?? null);
  const values = [...means, ...p99s].filter((value) => value !== null && value > 0) as number[];
  const point = { showLine: false, pointRadius: 7, pointHoverRadius: 9 } as const;
  return groupedConfig({
    type: "line",
    rows,
    datasets: [
      {
        type: "line",
        label: "mean",
        data: means,
        backgroundColor: pairColours.first,
        borderColor: pairColours.first,
        pointStyle: "circle",
        ...point,
      },
      {
        type: "line",
        label: "p99",
        data: p99s,
        backgroundColor: pairColours.second,
        borderColor: pairColours.second,
        pointStyle: "triangle",
        ...point,
      },
    ],
    marks: { slots: rows.map(marksOf), line: null, gapPixels: 10 },
    yTitle: "latency of one I/O (us)",
    // Room for the labels, which are about a third of a factor of two high.
    yScale: { logarithmic: true, suggestedMin: Math.min(...values) / 1.6, suggestedMax: Math.max(...values) * 1.6 },
  });
}
