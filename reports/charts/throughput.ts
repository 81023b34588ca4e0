import type { ComparisonRow } from "../figures/comparison.js";
import { formatMeasured, formatPercent } from "../figures/formats.js";
import { classText, PAPER_CLASSES } from "../figures/paper-class.js";
import type { SlotAnnotations } from "./annotations.js";
import { type ChartConfig, groupedConfig } from "./chart.js";
import type { ChartKind } from "./chart-kind.js";
import { classColours, NO_CLASS_COLOUR } from "./colours.js";
import { type BarScale, barScale, intervalAnnotations } from "./whiskers.js";

function annotationsOf(row: ComparisonRow, scale: BarScale): SlotAnnotations {
  const { relativeThroughput, isUndecided, failedSamples, failedRounds } = row;
  if (relativeThroughput === null) {
    const lines = [failedSamples + failedRounds > 0 ? "failed" : "no sample"];
    return { whisker: null, above: { lines, value: 0 }, below: null };
  }
  const { interval, median } = relativeThroughput;
  const lines = [`${isUndecided ? "~" : ""}${formatPercent(median)} %`, ...(row.paperClass === null ? [] : [classText(row)])];
  const percents = { low: interval.low * 100, high: interval.high * 100 };
  return {
    ...intervalAnnotations(percents, { lines, least: 0 }, scale, (percent) => `${formatMeasured(percent)} %`),
    below: null,
  };
}

function config(rows: readonly ComparisonRow[]): ChartConfig {
  const ratios = rows.flatMap(({ relativeThroughput }) => relativeThroughput ?? []);
  // Native's line at 100 is always seen.
  const scale = barScale(
    [100, ...ratios.map(({ median }) => median * 100)],
    ratios.map(({ interval }) => interval.high * 100),
  );
  return groupedConfig({
    type: "bar",
    rows,
    datasets: [
      {
        label: "throughput relative to native, %",
        data: rows.map(({ relativeThroughput }) => (relativeThroughput === null ? null : relativeThroughput.median * 100)),
        backgroundColor: rows.map((row) => (row.paperClass === null ? NO_CLASS_COLOUR : classColours[row.paperClass])),
        maxBarThickness: 72,
      },
    ],
    annotations: { slots: rows.map((row) => annotationsOf(row, scale)), line: { value: 100, text: "native" }, gapPixels: 5 },
    yTitle: "throughput relative to native (%)",
    yScale: { min: 0, suggestedMax: scale.suggestedMax },
  });
}

/** Throughput relative to native: bars coloured and labelled with the paper's class; native is the line at 100. */
export const throughput: ChartKind = {
  name: "throughput",
  title: "Throughput relative to native",
  notes: [
    "Bar: the ratio to native in the same turns or the same block. Whisker: its interval; an arrow: it goes on, to the value above.",
    `Colour: ${PAPER_CLASSES}. Grey: can't be told from native (~), or a single round or block.`,
  ],
  of: "placements",
  shows: ({ isReference }) => !isReference,
  has: ({ relativeThroughput }) => relativeThroughput !== null,
  config,
};
