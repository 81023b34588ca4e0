import type { ChartDataset } from "chart.js";
import { hasMountWindow, isAsFound, isSameReads, type Run } from "../../results/index.js";

import { formatBytes, formatWindow } from "../figures/formats.js";
import { estimate } from "../figures/statistics.js";
import { describeWorkload } from "../figures/verdict.js";
import type { PriceRow } from "../prices/price-rows.js";
import { hostLine } from "../tables/host-facts.js";
import type { ChartConfig, ReportChart } from "./chart.js";
import { seriesColours } from "./colours.js";

/** A figure that curves show. */
interface Curve {
  readonly name: string;
  readonly title: string;
  readonly yTitle: string;
  readonly figureOf: (row: PriceRow) => number | null;
}

const curves: readonly Curve[] = [
  {
    name: "requests",
    title: "READ requests per GiB",
    yTitle: "READ requests per GiB",
    figureOf: ({ requests }) => requests,
  },
  {
    name: "transitions",
    title: "Mode transitions per GiB",
    yTitle: "system calls + page faults per GiB",
    figureOf: ({ transitions }) => transitions,
  },
  {
    name: "cpu",
    title: "CPU time per GiB",
    yTitle: "CPU seconds per GiB, application + daemon",
    figureOf: ({ cpuSeconds }) => estimate(cpuSeconds.map(({ value }) => value))?.median ?? null,
  },
  {
    name: "throughput",
    title: "Throughput",
    yTitle: "MiB/s",
    figureOf: ({ mebibytesPerSecond }) => mebibytesPerSecond?.median ?? null,
  },
];

/** A way to sweep the windows. */
interface Sweep {
  readonly name: string;
  readonly what: string;
  /** The window of a row in KiB; null for a row that is not part of the sweep. */
  readonly windowOf: (row: PriceRow) => number | null;
}

const plain = ({ setting: { initKiB, access, advice } }: PriceRow) => initKiB === null && access === "read" && advice === "none";

const sweeps: readonly Sweep[] = [
  {
    name: "mount",
    what: "the mount's window",
    // As found, the mount has a window too.
    windowOf: (row) =>
      plain(row) && row.setting.deviceKiB === null && row.readaheadKiB !== null && hasMountWindow(row)
        ? (row.setting.mountKiB ?? row.readaheadKiB)
        : null,
  },
  {
    name: "device",
    what: "the block device's window",
    windowOf: (row) => (plain(row) && row.setting.mountKiB === null ? (row.setting.deviceKiB ?? row.deviceReadaheadKiB) : null),
  },
  {
    name: "both",
    what: "the mount's and the block device's window",
    windowOf: (row) => (plain(row) && row.setting.mountKiB === row.setting.deviceKiB ? row.setting.mountKiB : null),
  },
];

/** A sweep over one window is none. */
function isSwept(rows: readonly PriceRow[], { windowOf }: Sweep): boolean {
  return new Set(rows.map(windowOf).filter((window) => window !== null)).size > 1;
}

/** A logarithmic axis has no 0: such a value has no point. */
const positive = (value: number | null) => (value === null || value <= 0 ? null : value);

function configOf(group: readonly PriceRow[], sweep: Sweep, { yTitle, figureOf }: Curve): ChartConfig | null {
  const { windowOf } = sweep;
  const byBackend = (backend: string) => group.filter((row) => row.backend === backend);
  const swept = group.filter((row) => isSwept(byBackend(row.backend), sweep));
  const windows = [...new Set(swept.map(windowOf).filter((window) => window !== null))].toSorted((a, b) => a - b);
  const backends = [...new Set(group.filter(({ role }) => role !== "reference again").map(({ backend }) => backend))];
  const datasets = backends.flatMap((backend, index): ChartDataset<"bar" | "line", (number | null)[]>[] => {
    const rows = byBackend(backend);
    const isCurve = isSwept(rows, sweep);
    const found = rows.find(({ setting }) => isAsFound(setting));
    const at = (window: number) => (isCurve ? rows.find((row) => windowOf(row) === window) : found);
    const data = windows.map((window) => {
      const row = at(window);
      return row === undefined ? null : positive(figureOf(row));
    });
    if (data.every((value) => value === null)) return [];
    const colour = seriesColours[index % seriesColours.length]!;
    return [
      {
        type: "line",
        label: isCurve ? backend : `${backend} (as found)`,
        data,
        borderColor: colour,
        backgroundColor: colour,
        borderWidth: 2.5,
        ...(isCurve ? {} : { borderDash: [7, 4] }),
        pointRadius: isCurve ? 5 : 0,
        spanGaps: true,
      },
    ];
  });
  const shown = datasets.flatMap(({ data }) => data).filter((value) => value !== null);
  if (windows.length < 2 || !swept.some((row) => positive(figureOf(row)) !== null)) return null;
  return {
    type: "line",
    data: { labels: windows.map(formatWindow), datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      layout: { padding: { left: 12, right: 24 } },
      scales: {
        x: {
          offset: true,
          grid: { display: false },
          ticks: { autoSkip: false, font: { size: 13 } },
          title: { display: true, text: "readahead window", font: { size: 14 } },
        },
        y: {
          type: "logarithmic",
          suggestedMin: Math.min(...shown) / 1.5,
          suggestedMax: Math.max(...shown) * 1.5,
          ticks: { font: { size: 13 }, format: { minimumFractionDigits: 0, maximumFractionDigits: 3 } },
          title: { display: true, text: yTitle, font: { size: 14 } },
        },
      },
      plugins: { legend: { labels: { usePointStyle: false, boxWidth: 28, boxHeight: 2, font: { size: 13 } } } },
    },
  };
}

/** Curves over the window, on a logarithmic axis: for each kind of reads and each sweep the costs of a GiB and the throughput. */
export function windowCharts(run: Run, rows: readonly PriceRow[]): ReportChart[] {
  const groups = rows.filter((row, index) => rows.findIndex((other) => isSameReads(row, other)) === index);
  return groups.flatMap((first) =>
    sweeps.flatMap((sweep) =>
      curves.flatMap((curve): ReportChart[] => {
        const group = rows.filter((row) => isSameReads(row, first));
        const config = configOf(group, sweep, curve);
        if (config === null) return [];
        const reads = `${first.cache} ${formatBytes(first.ioSizeBytes)} ${describeWorkload(first.workload)}`;
        return [
          {
            name: `${curve.name}-by-${sweep.name}-window-${first.workload}-${formatBytes(first.ioSizeBytes).replace(" ", "")}-${first.cache}`,
            title: `${curve.title}, over ${sweep.what}: ${reads}`,
            notes: [
              `${hostLine(run)}.`,
              "Points: medians over blocks. Dashed: backends that this window does not reach, as found. The axis is logarithmic.",
            ],
            config,
            slots: config.data.labels!.length,
          },
        ];
      }),
    ),
  );
}
