import type { ComparisonRow } from "../figures/comparison.js";
import { formatMeasured } from "../figures/formats.js";
import type { SlotAnnotations } from "./annotations.js";
import { type ChartConfig, groupedConfig } from "./chart.js";
import type { ChartKind } from "./chart-kind.js";
import { pairColours } from "./colours.js";

/** The lower figure is labelled below, the higher above. A long tail can pull the mean over p99. */
function annotationsOf({ meanLatencyUs, p99LatencyUs }: ComparisonRow): SlotAnnotations {
  if (meanLatencyUs === null || p99LatencyUs === null) return { whisker: null, above: null, below: null };
  const [low, high] = [meanLatencyUs.median, p99LatencyUs.median].toSorted((a, b) => a - b) as [number, number];
  return {
    whisker: { low, high, ends: "plain" },
    above: { lines: [formatMeasured(high)], value: high },
    below: { lines: [formatMeasured(low)], value: low },
  };
}

function config(rows: readonly ComparisonRow[]): ChartConfig {
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
    annotations: { slots: rows.map(annotationsOf), line: null, gapPixels: 10 },
    yTitle: "latency per operation (us)",
    // Room for the labels above and below.
    yScale: { logarithmic: true, suggestedMin: Math.min(...values) / 1.6, suggestedMax: Math.max(...values) * 1.6 },
  });
}

/** Mean and 99th percentile of the latency, two points for each backend. */
export const latency: ChartKind = {
  name: "latency",
  title: "Latency per operation",
  notes: ["Points: median over blocks of a block's mean and 99th percentile. The axis is logarithmic."],
  of: "cells",
  shows: ({ isReferenceAgain }) => !isReferenceAgain,
  has: ({ meanLatencyUs }) => meanLatencyUs !== null,
  config,
};
