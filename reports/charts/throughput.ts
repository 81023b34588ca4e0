import type { ComparisonRow } from "../figures/comparison.js";
import { formatPercent } from "../figures/formats.js";
import { PAPER_CLASSES } from "../figures/paper-class.js";
import { type ChartConfig, groupedConfig } from "./chart.js";
import { classColours } from "./colours.js";
import type { SlotMarks } from "./marks.js";

/** What the bars of {@link throughputConfig} show. */
export const throughputNotes = [
  "Bar: median of the ratio to native in the same block. Whisker: its interval. ~: can't be told from native.",
  `Colour: ${PAPER_CLASSES}.`,
];

function marksOf({ relativeThroughput, paperClass, isUndecided, isClassUncertain, failedSamples }: ComparisonRow): SlotMarks {
  if (relativeThroughput === null) {
    const lines = [failedSamples > 0 ? "failed" : "no sample"];
    return { whisker: null, above: { lines, value: 0 }, below: null };
  }
  const { interval, median } = relativeThroughput;
  const lines = [`${isUndecided ? "~" : ""}${formatPercent(median)} %`, `${paperClass}${isClassUncertain ? "?" : ""}`];
  return {
    whisker: { low: interval.low * 100, high: interval.high * 100, hasCaps: true },
    above: { lines, value: interval.high * 100 },
    below: null,
  };
}

/** Throughput relative to native, a bar a backend, coloured and labelled with the paper's class; native is the line at 100. */
export function throughputConfig(rows: readonly ComparisonRow[]): ChartConfig {
  const highest = Math.max(1, ...rows.map(({ relativeThroughput }) => relativeThroughput?.interval.high ?? 0));
  return groupedConfig({
    type: "bar",
    rows,
    datasets: [
      {
        label: "throughput relative to native, %",
        data: rows.map(({ relativeThroughput }) => (relativeThroughput === null ? null : relativeThroughput.median * 100)),
        backgroundColor: rows.map((row) => (row.paperClass === null ? "transparent" : classColours[row.paperClass])),
        maxBarThickness: 72,
      },
    ],
    marks: { slots: rows.map(marksOf), line: { value: 100, text: "native" }, gapPixels: 5 },
    yTitle: "throughput relative to native (%)",
    // Room for the two lines of the highest label.
    yScale: { min: 0, suggestedMax: highest * 100 * 1.18 },
  });
}
