import type { ChartConfiguration, ChartDataset } from "chart.js";
import type { ComparisonRow } from "../figures/comparison.js";
import { formatBytes } from "../figures/formats.js";
import type { Annotations } from "./annotations.js";

/** A configuration of Chart.js without functions: it goes into a page as JSON. */
export type ChartConfig = ChartConfiguration<"bar" | "line", (number | null)[], string | string[]>;

/** One chart: its words and its configuration. */
export interface ReportChart {
  /** The name of its file, without the ending. */
  readonly name: string;
  readonly title: string;
  /** The facts that a reader needs: the machine, the n, the colours. */
  readonly notes: readonly string[];
  readonly config: ChartConfig;
  /** The number of bars or points side by side. */
  readonly slots: number;
}

/** The parts of a chart: rows as slots, grouped by I/O size. */
interface ChartParts {
  readonly rows: readonly ComparisonRow[];
  readonly datasets: readonly ChartDataset<"bar" | "line", (number | null)[]>[];
  readonly annotations: Annotations;
  readonly yTitle: string;
  readonly yScale?: {
    readonly logarithmic?: boolean;
    readonly min?: number;
    readonly suggestedMin?: number;
    readonly suggestedMax?: number;
  };
  readonly isStacked?: boolean;
  readonly type: "bar" | "line";
}

/** The longest line of a backend's name that has room below its slot. */
const NAME_LENGTH = 11;

/** A long name in lines: broken behind `-`, `.`, `_` and `+`, or else at the full length. */
function inLines(name: string): string | string[] {
  if (name.length <= NAME_LENGTH) return name;
  const parts = name.split(/(?<=[-._+])/).flatMap((part) => part.match(new RegExp(`.{1,${NAME_LENGTH}}`, "g")) ?? []);
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.pop() ?? "";
    if (last.length + part.length <= NAME_LENGTH) lines.push(last + part);
    else lines.push(last, part);
  }
  return lines;
}

/**
 * A chart whose x axis has a slot for each row, named after its backend, and the I/O sizes below. Every size must have the same
 * number of rows: the groups are then equally wide.
 */
export function groupedConfig({
  rows,
  datasets,
  annotations,
  yTitle,
  yScale = {},
  isStacked = false,
  type,
}: ChartParts): ChartConfig {
  const sizes = [...new Set(rows.map(({ ioSizeBytes }) => ioSizeBytes))].map(formatBytes);
  const { logarithmic = false, ...limits } = yScale;
  return {
    type,
    data: { labels: rows.map(({ backend }) => inLines(backend)), datasets: [...datasets] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      // The name of the line stands on the right.
      layout: { padding: { left: 12, right: annotations.line === null ? 16 : 60 } },
      scales: {
        x: { offset: true, stacked: isStacked, grid: { display: false }, ticks: { autoSkip: false, font: { size: 13 } } },
        // The groups' names: a second axis that divides the same width evenly.
        sizes: {
          type: "category",
          position: "bottom",
          labels: sizes,
          offset: true,
          bounds: "ticks",
          grid: { drawTicks: false, offset: true },
          ticks: { autoSkip: false, font: { size: 14, weight: "bold" }, padding: 4 },
          title: { display: true, text: "I/O size, backend above", font: { size: 13 } },
        },
        y: {
          type: logarithmic ? "logarithmic" : "linear",
          stacked: isStacked,
          ...limits,
          ticks: { font: { size: 13 }, format: { minimumFractionDigits: 0, maximumFractionDigits: 2 } },
          title: { display: true, text: yTitle, font: { size: 14 } },
        },
      },
      plugins: {
        legend: { display: datasets.length > 1, labels: { usePointStyle: true, boxWidth: 9, boxHeight: 9, font: { size: 13 } } },
        annotations,
      },
    },
  };
}
