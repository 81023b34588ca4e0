import type { ChartConfiguration, ChartDataset } from "chart.js";
import type { ComparisonRow } from "../figures/comparison.js";
import { formatBytes } from "../figures/formats.js";
import type { Marks } from "./marks.js";

/** A configuration of Chart.js without functions: it goes into a page as JSON. */
export type ChartConfig = ChartConfiguration<"bar" | "line", (number | null)[], string | string[]>;

/** One chart: one claim, in words and as a configuration. */
export interface ReportChart {
  /** The name of its file, without the ending. */
  readonly name: string;
  readonly title: string;
  /** What must be known to read it: the machine, the n, the colours. */
  readonly notes: readonly string[];
  readonly config: ChartConfig;
  /** How many bars or points stand side by side. */
  readonly slots: number;
}

/** What a chart is made of: rows as slots, grouped by I/O size. */
interface ChartParts {
  readonly rows: readonly ComparisonRow[];
  readonly datasets: readonly ChartDataset<"bar" | "line", (number | null)[]>[];
  readonly marks: Marks;
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

/** A long name in lines: broken after its signs, or where it must be. */
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
 * A chart whose x axis has a slot a row, named after the row's backend, and below them the I/O sizes. Every size must have the
 * same number of rows: the groups are then equally wide.
 */
export function groupedConfig({ rows, datasets, marks, yTitle, yScale = {}, isStacked = false, type }: ChartParts): ChartConfig {
  const sizes = [...new Set(rows.map(({ ioSizeBytes }) => ioSizeBytes))].map(formatBytes);
  const { logarithmic = false, ...limits } = yScale;
  return {
    type,
    data: { labels: rows.map(({ backend }) => inLines(backend)), datasets: [...datasets] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      // On the right stands the name of the line.
      layout: { padding: { left: 12, right: marks.line === null ? 16 : 60 } },
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
          title: { display: true, text: "size of one I/O, backend above", font: { size: 13 } },
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
        marks,
      },
    },
  };
}
