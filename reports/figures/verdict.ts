import { type Comparison, type ComparisonRow, groups } from "./comparison.js";
import { formatBytes, formatCount, formatFactor, formatMeasured } from "./formats.js";
import { type Figure, isMissing } from "./per-operation.js";
import { placementWords, rowsIn } from "./placed-rows.js";

/** The meaning of a workload's name. */
const patterns: Readonly<Record<string, string>> = { "seq-rd": "sequential reads", "rnd-rd": "random reads" };

/** `rnd-rd-1th-1f` as people say it; a name of another form stays as it is. */
export function describeWorkload(workload: string): string {
  const [, pattern, threads, files] = /^(\w+-\w+)-(\d+)th-(\d+)f$/.exec(workload) ?? [];
  const what = patterns[pattern ?? ""];
  if (what === undefined) return workload;
  const load = threads === "1" && files === "1" ? "" : ` (${threads} threads, ${files} ${files === "1" ? "file" : "files"})`;
  return `${what}${load}`;
}

function describeGroup({ cache, ioSizeBytes, workload }: ComparisonRow): string {
  return `${cache} ${formatBytes(ioSizeBytes)} ${describeWorkload(workload)}`;
}

/** The placement of a row in words; nothing where its ratios are fio's. */
function placedText({ placement }: ComparisonRow): string {
  return placement === null ? "" : `, ${placementWords[placement]}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** The rows that are measured against native. */
function contenders(group: readonly ComparisonRow[]): ComparisonRow[] {
  return group.filter(({ isReference, isReferenceAgain }) => !isReference && !isReferenceAgain);
}

function latencyVerdict({ backend, relativeLatency, isLatencyUndecided }: ComparisonRow): string {
  if (relativeLatency === null) return `${backend} gave no figure`;
  const { interval, n, median } = relativeLatency;
  const range = n > 1 ? ` (${formatFactor(interval.low)} to ${formatFactor(interval.high)})` : "";
  const ratio = `${formatFactor(median)}${range}`;
  return isLatencyUndecided ? `${backend} can't be told from native: ~${ratio}` : `${backend} ${ratio}`;
}

/** A sentence for each workload, I/O size and cache state: the latency of each backend by native's. */
export function verdicts({ rows }: Comparison): string[] {
  return groups(rowsIn(rows, "steady")).flatMap((group) => {
    const others = contenders(group);
    if (others.length === 0) return [];
    const what = `${capital(describeGroup(group[0]!))}${placedText(group[0]!)}`;
    return [`${what}, latency by native's: ${others.map(latencyVerdict).join("; ")}.`];
  });
}

/**
 * The group that shows the cost of the software alone: in memory (warm before hot before cold, so that the medium has no part),
 * random before sequential (no readahead hides it), the smallest I/O size.
 */
function purestGroup(rows: readonly ComparisonRow[]): ComparisonRow[] | undefined {
  const rank = ({ cache, workload, ioSizeBytes }: ComparisonRow) =>
    ["warm", "hot", "cold"].indexOf(cache) * 1e12 + (workload.startsWith("rnd") ? 0 : 1e11) + ioSizeBytes;
  return groups(rows.filter((row) => !row.isReference && !row.isReferenceAgain && row.relativeLatency !== null)).toSorted(
    ([a], [b]) => rank(a!) - rank(b!),
  )[0];
}

function took(row: ComparisonRow): string {
  const time = row.placement === null ? (row.meanLatencyUs?.median ?? null) : row.sliceNs && row.sliceNs / 1000;
  const us = time === null ? "n/a" : formatMeasured(time);
  const sign = row.isLatencyUndecided ? "~" : "";
  return `${row.backend} ${us} us${row.relativeLatency === null ? "" : ` (${sign}${formatFactor(row.relativeLatency.median)})`}`;
}

function daemonCosts({ backend, costs }: ComparisonRow): string {
  const text = (figure: Figure) => (isMissing(figure) ? "n/a" : formatCount(figure));
  return `${backend} ${text(costs.daemonSyscalls)} and ${text(costs.daemonSwitches)}`;
}

/** The answer in two lines: the cost of a read in time, and in the daemon's system calls and context switches. */
export function headline(comparison: Comparison): string[] {
  const rows = rowsIn(comparison.rows, "steady");
  const purest = purestGroup(rows);
  if (purest === undefined) return ["No backend has a sample beside native's: nothing can be compared."];
  const group = groups(rows).find((candidate) => candidate.includes(purest[0]!))!;
  const native = group.find(({ isReference }) => isReference)!;
  return [
    `${capital(describeGroup(native))}${placedText(native)}, ${native.placement === null ? "mean latency" : "time of one"}: ${[native, ...purest].map(took).join(", ")}.`,
    `System calls and context switches of the daemon for one read: ${purest.map(daemonCosts).join(", ")}.`,
  ];
}
