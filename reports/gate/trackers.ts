import type { Decision } from "./decision.js";
import { type DecisionRow, rowName } from "./decision-row.js";

/** The rows that have a figure now: a tracker of benchmarks stores figures alone. */
function tracked({ rows }: Decision): (DecisionRow & { now: number })[] {
  return rows.filter((row): row is DecisionRow & { now: number } => row.now !== null && row.metric.kind !== "working");
}

/** The interval of `now` in its own unit; that of a time is one of now by before. */
function rangeOf({ interval, metric, before }: DecisionRow): { low: number; high: number } | null {
  if (interval === null) return null;
  if (metric.kind === "count") return interval;
  return before === null ? null : { low: before * interval.low, high: before * interval.high };
}

/** For github-action-benchmark, `tool: customSmallerIsBetter`. */
export function benchmarkAction(decision: Decision): object[] {
  return tracked(decision).map((row) => {
    const range = rangeOf(row);
    return {
      name: rowName(row),
      unit: row.unit === "" ? "1" : row.unit,
      value: row.now,
      ...(range === null ? {} : { range: `${range.low.toPrecision(4)} to ${range.high.toPrecision(4)}` }),
      extra: `verdict: ${row.verdict === "suspect" ? "unknown" : row.verdict}`,
    };
  });
}

/** Bencher Metric Format: one benchmark a place, its metrics by slug. */
export function bencherMetricFormat(decision: Decision): Record<string, Record<string, object>> {
  const benchmarks: Record<string, Record<string, object>> = {};
  for (const row of tracked(decision)) {
    const range = rangeOf(row);
    const slug = row.metric.id.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    const name = `${row.backend}: ${row.place}`;
    benchmarks[name] = {
      ...benchmarks[name],
      [slug]: { value: row.now, ...(range === null ? {} : { lower_value: range.low, upper_value: range.high }) },
    };
  }
  return benchmarks;
}
