import { formatCell, formatMeasured, formatPercent } from "../figures/formats.js";
import { backendColumn, cellColumn } from "../tables/columns.js";
import type { ReportTable } from "../tables/report-table.js";
import { type Model, PARTS, type PartName, type Prediction } from "./prediction.js";

/** The part of the measured time that the model explains: 1 is all of it, more is too much. */
export function explained({ predictedUs, measuredUs }: Prediction): number {
  return predictedUs.median / measuredUs.median;
}

/** Predicted beside measured, and where the time goes, a line a cell. Nothing where the run was not calibrated. */
export function modelTables(model: Model | null): ReportTable[] {
  if (model === null || model.predictions.length === 0) return [];
  const names = Object.keys(PARTS) as PartName[];
  const range = ({ low, high }: { readonly low: number; readonly high: number }) =>
    `[${formatMeasured(low)}, ${formatMeasured(high)}]`;
  const rows = model.predictions.map((prediction) => {
    const { row, parts, predictedUs, measuredUs } = prediction;
    return [
      formatCell(row),
      row.backend,
      `${formatMeasured(measuredUs.median)} ${range(measuredUs.interval)}`,
      `${formatMeasured(predictedUs.median)} ${range(predictedUs)}`,
      formatPercent(explained(prediction)),
      ...names.map((name) => (parts[name] === 0 ? "-" : formatMeasured(parts[name] / 1000))),
    ];
  });
  const header = [cellColumn.header, backendColumn.header, "measured us", "predicted us", "explained %", ...Object.values(PARTS)];
  return [
    {
      title: "Where the time goes",
      grid: [header, ...rows],
      align: header.map((_, column) => (column < 2 ? "l" : "r")),
      notes: [
        "predicted: the sum of counts x unit costs, and the device's time; no unit cost comes from the samples that are explained.",
        "measured: the mean I/O. Ranges: intervals of the medians over blocks.",
        "FUSE's own work: what a calibrated round trip with nothing behind it, on one core, takes beyond its calls, switches and copies.",
        "wake-up of the daemon, way back: each at the cost of a switch, or of waking an idle core, by how many of them did that in these samples.",
        ...model.notPredicted.map(({ row, reason }) => `not predicted: ${row.backend} ${formatCell(row)}: ${reason}`),
      ],
    },
  ];
}
