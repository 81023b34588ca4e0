import type { ComparisonRow } from "../figures/comparison.js";
import { isMissing, sum } from "../figures/counts.js";
import { formatCount } from "../figures/formats.js";
import { type ChartConfig, groupedConfig } from "./chart.js";
import { pairColours } from "./colours.js";
import type { SlotMarks } from "./marks.js";

/** What the bars of {@link crossingsConfig} show. */
export const crossingsNotes = [
  "Bar: system calls and user page faults for one I/O, the fixed part of the load taken out. Above it: daemon + application.",
];

function crossingsOf({ costs }: ComparisonRow): { application: number | null; daemon: number | null } {
  const application = sum(costs.applicationSyscalls, costs.applicationPageFaults);
  const daemon = sum(costs.daemonSyscalls, costs.daemonPageFaults);
  return { application: isMissing(application) ? null : application, daemon: isMissing(daemon) ? null : daemon };
}

function marksOf(row: ComparisonRow): SlotMarks {
  const { application, daemon } = crossingsOf(row);
  const text = (value: number | null) => (value === null ? "n/a" : formatCount(value));
  const lines =
    application === null && daemon === null
      ? ["n/a"]
      : row.kind === "native"
        ? [text(application)]
        : [text(daemon), `+ ${text(application)}`];
  return { whisker: null, above: { lines, value: (application ?? 0) + (daemon ?? 0) }, below: null };
}

/** Entries into the kernel for one I/O, those of the daemon on those of the application. */
export function crossingsConfig(rows: readonly ComparisonRow[]): ChartConfig {
  const crossings = rows.map(crossingsOf);
  const highest = Math.max(1, ...crossings.map(({ application, daemon }) => (application ?? 0) + (daemon ?? 0)));
  return groupedConfig({
    type: "bar",
    rows,
    isStacked: true,
    datasets: [
      {
        label: "application",
        data: crossings.map(({ application }) => application),
        backgroundColor: pairColours.first,
        maxBarThickness: 72,
      },
      { label: "daemon", data: crossings.map(({ daemon }) => daemon), backgroundColor: pairColours.second, maxBarThickness: 72 },
    ],
    marks: { slots: rows.map(marksOf), line: null, gapPixels: 5 },
    yTitle: "system calls + page faults per I/O",
    yScale: { min: 0, suggestedMax: highest * 1.18 },
  });
}
