import { type Comparison, type ComparisonRow, groups } from "../figures/comparison.js";
import { formatCell, formatPercent } from "../figures/formats.js";
import { classText, paperClass } from "../figures/paper-class.js";
import { rowsIn } from "../figures/placed-rows.js";
import { published, publishedConfigs } from "../figures/published.js";
import { cellColumn } from "./columns.js";
import type { Grid } from "./table.js";

function ours(row: ComparisonRow | undefined): string {
  if (row === undefined || row.relativeThroughput === null) return "-";
  return `${row.isUndecided ? "~" : ""}${formatPercent(row.relativeThroughput.median)} ${classText(row)}`.trimEnd();
}

/** The paper gives no interval: its class is that of its figure. */
function theirs(relativeThroughput: number | undefined): string {
  return relativeThroughput === undefined ? "-" : `${formatPercent(relativeThroughput)} ${paperClass(relativeThroughput)}`;
}

/**
 * Our throughput relative to native beside the paper's relative to ext4, in percent with the class: a line for each workload, I/O
 * size and cache state that the paper has. The paper left the cores to the scheduler; so do our ratios, where they were taken so.
 * Null where it has none of them.
 */
export function paperGrid({ rows }: Comparison): Grid | null {
  const compared = rowsIn(rows, "users").filter((row) => !row.isReference && !row.isReferenceAgain);
  const backends = [...new Set(compared.map(({ backend }) => backend))];
  const lines = groups(compared).flatMap((group) => {
    const [first] = group;
    const ratios = published(first!.workload, first!.ioSizeBytes);
    if (ratios.length === 0) return [];
    const here = backends.map((backend) => ours(group.find((row) => row.backend === backend)));
    const there = publishedConfigs.map(({ medium, config }) =>
      theirs(ratios.find((ratio) => ratio.medium === medium && ratio.config === config)?.relativeThroughput),
    );
    return [[formatCell(first!), ...here, ...there]];
  });
  if (lines.length === 0) return null;
  const header = [
    ...backends.map((name) => `here: ${name}`),
    ...publishedConfigs.map(({ medium, config }) => `${medium} ${config}`),
  ];
  return [[cellColumn.header, ...header], ...lines];
}
