import type { Placement, Run } from "../../results/index.js";
import type { Comparison, ComparisonRow } from "../figures/comparison.js";
import { groupBy } from "../figures/group-by.js";
import { cellRows, placementsIn, placementWords } from "../figures/placed-rows.js";
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
function countsText(counts: readonly number[], unit: "block" | "round"): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? `n = ${most} ${most === 1 ? unit : `${unit}s`}` : `n = ${least} to ${most} ${unit}s`;
}

/** The rows of a chart, and the placement that its ratios were taken in; null where they are fio's figures. */
interface Panel {
  readonly rows: readonly ComparisonRow[];
  readonly placement: Placement | null;
}

function panelsOf(kind: ChartKind, rows: readonly ComparisonRow[]): Panel[] {
  if (kind.of === "cells") return [{ rows: cellRows(rows), placement: null }];
  const placed = placementsIn(rows);
  const byFio = rows.filter(({ placement }) => placement === null);
  return [
    ...placed.map((placement) => ({ rows: rows.filter((row) => row.placement === placement), placement })),
    ...(byFio.length === 0 ? [] : [{ rows: byFio, placement: null }]),
  ];
}

function chartOf(kind: ChartKind, { rows, placement }: Panel, key: string, run: Run): ReportChart[] {
  const shown = rows.filter(kind.shows);
  const [first] = shown;
  if (first === undefined || !shown.some(kind.has)) return [];
  const count =
    placement === null
      ? countsText(
          shown.map(({ operationsPerSecond }) => operationsPerSecond?.n ?? 0),
          "block",
        )
      : countsText(
          shown.map(({ rounds }) => rounds),
          "round",
        );
  const what = `${kind.title}: ${first.cache} ${describeWorkload(first.workload)} (${first.workload})`;
  return [
    {
      name: `${kind.name}-${key}${placement === null ? "" : `-${placement}`}`,
      title: `${what}${placement === null ? "" : `, ${placementWords[placement]}`}`,
      notes: [`${hostLine(run)}. ${count}.`, ...kind.notes],
      config: kind.config(shown),
      slots: shown.length,
    },
  ];
}

/** Every chart of a report: each kind for each workload, cache state and placement, then the model. */
export function reportCharts(comparison: Comparison): ReportChart[] {
  const { run, rows } = comparison;
  const byReads = groupBy(rows, ({ workload, cache }) => `${workload}-${cache}`);
  const compared = kinds.flatMap((kind) =>
    [...byReads].flatMap(([key, like]) => panelsOf(kind, like).flatMap((panel) => chartOf(kind, panel, key, run))),
  );
  return [...compared, ...modelCharts(comparison)];
}
