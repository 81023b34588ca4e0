import type { ComparisonRow } from "../figures/comparison.js";
import type { ChartConfig } from "./chart.js";

/** A chart that a report has once for each workload and cache state. */
export interface ChartKind {
  /** The beginning of its file's name. */
  readonly name: string;
  readonly title: string;
  /** The legend in words. */
  readonly notes: readonly string[];
  /** Rows that it takes: each placement a chart of its own, or one row a cell. */
  readonly of: "placements" | "cells";
  /** True for a row that gets a slot. */
  readonly shows: (row: ComparisonRow) => boolean;
  /** True for a row with a figure; a chart without such a row is left out. */
  readonly has: (row: ComparisonRow) => boolean;
  readonly config: (rows: readonly ComparisonRow[]) => ChartConfig;
}
