import type { Comparison, ComparisonRow } from "../figures/comparison.js";
import { groupBy } from "../figures/group-by.js";
import { describeWorkload } from "../figures/verdict.js";
import { hostLine } from "../tables/host-facts.js";
import type { ReportChart } from "./chart.js";
import type { ChartKind } from "./chart-kind.js";
import { cpu } from "./cpu.js";
import { latency } from "./latency.js";
import { modelCharts } from "./model.js";
import { throughput } from "./throughput.js";
import { transitions } from "./transitions.js";

/** Every kind of chart, in the order of the report. */
const kinds: readonly ChartKind[] = [throughput, transitions, cpu, latency];

/** `n = 3 blocks`, or the least and the most where cells differ. */
function blocksOf(rows: readonly ComparisonRow[]): string {
  const counts = rows.map(({ operationsPerSecond }) => operationsPerSecond?.n ?? 0);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? `n = ${most} ${most === 1 ? "block" : "blocks"}` : `n = ${least} to ${most} blocks`;
}

/** Every chart of a report: each kind for each workload and cache state, then the model. */
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
