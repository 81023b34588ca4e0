import { type Comparison, type ComparisonRow, groupBy } from "../figures/comparison.js";
import { describeWorkload } from "../figures/verdict.js";
import { hostLine } from "../tables/host-facts.js";
import type { ChartConfig, ReportChart } from "./chart.js";
import { crossingsConfig, crossingsNotes } from "./crossings.js";
import { latencyConfig, latencyNotes } from "./latency.js";
import { modelCharts } from "./model.js";
import { throughputConfig, throughputNotes } from "./throughput.js";

interface Kind {
  readonly name: string;
  readonly title: string;
  readonly notes: readonly string[];
  /** Which rows it shows, and whether one of them has something to show. */
  readonly shows: (row: ComparisonRow) => boolean;
  readonly has: (row: ComparisonRow) => boolean;
  readonly config: (rows: readonly ComparisonRow[]) => ChartConfig;
}

const kinds: readonly Kind[] = [
  {
    name: "throughput",
    title: "Throughput relative to native",
    notes: throughputNotes,
    shows: ({ isReference }) => !isReference,
    has: ({ relativeThroughput }) => relativeThroughput !== null,
    config: throughputConfig,
  },
  {
    name: "crossings",
    title: "Trips into the kernel for one I/O",
    notes: crossingsNotes,
    shows: ({ isReferenceAgain }) => !isReferenceAgain,
    has: ({ costs }) => typeof costs.applicationSyscalls === "number" || typeof costs.daemonSyscalls === "number",
    config: crossingsConfig,
  },
  {
    name: "latency",
    title: "Latency of one I/O",
    notes: latencyNotes,
    shows: ({ isReferenceAgain }) => !isReferenceAgain,
    has: ({ meanLatencyUs }) => meanLatencyUs !== null,
    config: latencyConfig,
  },
];

/** `n = 3 blocks`, or the least and the most where cells differ. */
function blocksOf(rows: readonly ComparisonRow[]): string {
  const counts = rows.map(({ operationsPerSecond }) => operationsPerSecond?.n ?? 0);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? `n = ${most} ${most === 1 ? "block" : "blocks"}` : `n = ${least} to ${most} blocks`;
}

/** Every chart of a report: for each workload and cache state its throughput, its crossings, its latency. */
export function reportCharts(comparison: Comparison): ReportChart[] {
  const { run, rows } = comparison;
  const panels = groupBy(rows, ({ workload, cache }) => `${workload}-${cache}`);
  const compared = kinds.flatMap(({ name, title, notes, shows, has, config }) =>
    [...panels].flatMap(([key, panel]) => {
      const shown = panel.filter(shows);
      const [first] = shown;
      if (first === undefined || !shown.some(has)) return [];
      return [
        {
          name: `${name}-${key}`,
          title: `${title}: ${first.cache} ${describeWorkload(first.workload)} (${first.workload})`,
          notes: [`${hostLine(run)}. ${blocksOf(shown)}.`, ...notes],
          config: config(shown),
          slots: shown.length,
        },
      ];
    }),
  );
  return [...compared, ...modelCharts(comparison)];
}
