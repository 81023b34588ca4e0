import type { Run } from "../../results/index.js";

import type { ClaimRow } from "../claims/claims-report.js";
import { formatBytes, formatCount, formatMeasured } from "../figures/formats.js";
import type { ReportTable } from "../tables/report-table.js";
import { terminal } from "../tables/table.js";
import type { Page } from "./page.js";

function number(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) < 10 ? formatCount(value) : formatMeasured(value);
}

function measured({ measured: { value, unit, interval } }: ClaimRow): string {
  if (value === null) return "-";
  // One counted run, or a count of trials, has no range.
  const range = interval === null || interval[0] === interval[1] ? "" : ` [${number(interval[0])}, ${number(interval[1])}]`;
  return `${number(value)}${range} ${unit}`;
}

/** Every claim with its verdict and its figure, a line each. */
function verdictTable(rows: readonly ClaimRow[]): ReportTable {
  // Claims are long: verdict and figure come first, so that a narrow window shows them.
  const header = ["id", "verdict", "measured here", "predicted", "the claim"];
  return {
    title: "Claims and verdicts",
    grid: [header, ...rows.map((row) => [row.id, row.verdict, measured(row), row.predicted, row.claim])],
    align: header.map(() => "l" as const),
    notes: ["[low, high]: the interval of the median over blocks; of several cells, their range."],
  };
}

function commandTable(rows: readonly ClaimRow[]): ReportTable {
  const header = ["id", "repeat it", "source"];
  return {
    title: "Commands and sources",
    grid: [header, ...rows.map(({ id, source, command }) => [id, command, source])],
    align: header.map(() => "l" as const),
    notes: [],
  };
}

function answer(rows: readonly ClaimRow[]): string {
  const count = (verdict: ClaimRow["verdict"]) => rows.filter((row) => row.verdict === verdict).length;
  return `Claims that hold here: ${count("holds")}; that do not: ${count("does not hold")}; that can't be tested here: ${count("can't be tested here")}.`;
}

/** The page of `fusemeter claims`. */
export function claimsPage(run: Run, rows: readonly ClaimRow[], failures: readonly string[]): Page {
  const { blocks, fileSizeBytes, directory } = run.request;
  return {
    run,
    title: "Claims about the cost of FUSE, measured on this host",
    answer: [answer(rows)],
    failures,
    verdicts: rows.map((row) => `${row.id}: ${row.verdict}. ${row.why}.`),
    tables: [verdictTable(rows), commandTable(rows)],
    charts: [],
    method: [
      `${blocks} ${blocks === 1 ? "block" : "blocks"}, files of ${formatBytes(fileSizeBytes)} under ${directory}. Each block takes every cell once, in an order drawn from seed ${run.seed}. Ratios are taken within a block.`,
      "Counts come from runs of their own. The startup overhead is subtracted.",
    ],
    warnings: [],
  };
}

/** The summary that `fusemeter claims` prints at its end: a line for each claim, and the figures behind it below. */
export function claimsSummary(rows: readonly ClaimRow[], report: string): string {
  const table = terminal(
    [["claim", "measured here", "verdict"], ...rows.map((row) => [row.id, measured(row), row.verdict])],
    ["l", "l", "l"],
  );
  const texts = rows.map(
    ({ id, claim, source, why, command }) => `${id}: "${claim}"\n  source: ${source}\n  ${why}\n  repeat: ${command}`,
  );
  return [answer(rows), table, ...texts, `Report: ${report}`].join("\n\n");
}
