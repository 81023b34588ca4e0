import type { Comparison } from "../figures/comparison.js";
import { formatBytes, formatMeasured, formatPercent } from "../figures/formats.js";
import { groupBy } from "../figures/group-by.js";
import { modelOf, PARTS, type PartName, type Prediction } from "../model/prediction.js";
import { explained } from "../model/table.js";
import { hostLine } from "../tables/host-facts.js";
import { type ChartConfig, groupedConfig, type ReportChart } from "./chart.js";
import { seriesColours } from "./colours.js";
import { barScale, intervalAnnotations } from "./whiskers.js";

const notes = [
  "Bar: the prediction, from counts and from unit costs that were calibrated apart. Whisker: the measured time; an arrow: it goes on, to the value above.",
  "Above: the measured time, and the part of it that the model explains.",
];

function configOf(predictions: readonly Prediction[]): ChartConfig {
  const names = (Object.keys(PARTS) as PartName[]).filter((name) => predictions.some(({ parts }) => parts[name] !== 0));
  const scale = barScale(
    predictions.flatMap(({ predictedUs, measuredUs }) => [predictedUs.median, measuredUs.median]),
    predictions.map(({ measuredUs }) => measuredUs.interval.high),
  );
  return groupedConfig({
    type: "bar",
    rows: predictions.map(({ row }) => row),
    isStacked: true,
    datasets: names.map((name) => ({
      label: PARTS[name],
      data: predictions.map(({ parts }) => parts[name] / 1000),
      backgroundColor: seriesColours[Object.keys(PARTS).indexOf(name)]!,
      maxBarThickness: 110,
    })),
    annotations: {
      slots: predictions.map((prediction) => {
        const { measuredUs, predictedUs } = prediction;
        const lines = [`${formatMeasured(measuredUs.median)} us`, `${formatPercent(explained(prediction))} %`];
        const label = { lines, least: predictedUs.median };
        return { ...intervalAnnotations(measuredUs.interval, label, scale, (us) => `${formatMeasured(us)} us`), below: null };
      }),
      line: null,
      gapPixels: 6,
    },
    yTitle: "time of one read (us)",
    yScale: { min: 0, suggestedMax: scale.suggestedMax },
  });
}

/** The parts of a read's time: for each cache state and I/O size a stacked bar for each backend. */
export function modelCharts(comparison: Comparison): ReportChart[] {
  const predictions = modelOf(comparison)?.predictions ?? [];
  const panels = groupBy([...predictions], ({ row }) => `${row.cache}-${row.ioSizeBytes}`);
  return [...panels].map(([key, panel]) => {
    const { row } = panel[0]!;
    return {
      name: `model-${row.workload}-${key}`,
      title: `Where the time goes: one ${row.cache} random read of ${formatBytes(row.ioSizeBytes)} (${row.workload})`,
      notes: [`${hostLine(comparison.run)}.`, ...notes],
      config: configOf(panel),
      slots: panel.length,
    };
  });
}
