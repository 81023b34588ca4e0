import { type Comparison, type ComparisonRow, groups } from "../figures/comparison.js";
import { formatCell, formatPercent } from "../figures/formats.js";
import { paperClass } from "../figures/paper-class.js";
import { published, publishedConfigs } from "../figures/published.js";
import type { Grid } from "./table.js";

function withClass(relativeThroughput: number | undefined): string {
  return relativeThroughput === undefined ? "-" : `${formatPercent(relativeThroughput)} ${paperClass(relativeThroughput)}`;
}

/**
 * Our throughput relative to native beside the paper's relative to ext4, in percent with the class; a line a workload, I/O
 * size and cache state that the paper has. Null where it has none of them.
 */
export function paperGrid({ rows }: Comparison): Grid | null {
  const compared = rows.filter((row) => !row.isReference && !row.isReferenceAgain);
  const backends = [...new Set(compared.map(({ backend }) => backend))];
  const ours = (group: readonly ComparisonRow[], backend: string) =>
    group.find((row) => row.backend === backend)?.relativeThroughput?.median;
  const lines = groups(compared).flatMap((group) => {
    const [first] = group;
    const ratios = published(first!.workload, first!.ioSizeBytes);
    if (ratios.length === 0) return [];
    const theirs = publishedConfigs.map(
      ({ medium, config }) => ratios.find((ratio) => ratio.medium === medium && ratio.config === config)?.relativeThroughput,
    );
    return [[formatCell(first!), ...[...backends.map((backend) => ours(group, backend)), ...theirs].map(withClass)]];
  });
  if (lines.length === 0) return null;
  const header = [
    ...backends.map((name) => `here: ${name}`),
    ...publishedConfigs.map((theirs) => `${theirs.medium} ${theirs.config}`),
  ];
  return [["workload, I/O, cache", ...header], ...lines];
}
