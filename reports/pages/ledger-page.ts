import type { Run } from "../../results/index.js";

import type { LedgerRow } from "../claims/ledger.js";
import { formatCount, formatMeasured } from "../figures/formats.js";
import type { ReportTable } from "../tables/report-table.js";
import { terminal } from "../tables/table.js";
import type { Page } from "./page.js";

function number(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) < 10 ? formatCount(value) : formatMeasured(value);
}

function measured({ measured: { value, unit, interval } }: LedgerRow): string {
  if (value === null) return "-";
  // One counted run, or a count of trials, has no range.
  const range = interval === null || interval[0] === interval[1] ? "" : ` [${number(interval[0])}, ${number(interval[1])}]`;
  return `${number(value)}${range} ${unit}`;
}

/** Every claim, its verdict and what was measured, a line each. */
function verdictTable(rows: readonly LedgerRow[]): ReportTable {
  // Claims are long: what one looks for must not be beyond the edge of a window.
  const header = ["id", "verdict", "measured here", "predicted", "the claim"];
  return {
    title: "The claims and what this host says",
    grid: [header, ...rows.map((row) => [row.id, row.verdict, measured(row), row.predicted, row.claim])],
    align: header.map(() => "l" as const),
    notes: ["[low, high]: the interval of the median over blocks; of several cells, their range."],
  };
}

function commandTable(rows: readonly LedgerRow[]): ReportTable {
  const header = ["id", "repeat it", "source"];
  return {
    title: "Commands and sources",
    grid: [header, ...rows.map(({ id, source, command }) => [id, command, source])],
    align: header.map(() => "l" as const),
    notes: [],
  };
}

function answer(rows: readonly LedgerRow[]): string {
  const count = (verdict: LedgerRow["verdict"]) => rows.filter((row) => row.verdict === verdict).length;
  return `Of ${rows.length} claims ${count("holds")} hold here, ${count("does not hold")} do not, ${count("can't be tested here")} can't be tested here.`;
}

/** The page of `fusemeter claims`. */
export function ledgerPage(run: Run, rows: readonly LedgerRow[], failures: readonly string[]): Page {
  const { blocks, fileSizeBytes, directory } = run.request;
  return {
    run,
    title: "What was claimed, and what this host measured",
    answer: [answer(rows)],
    failures,
    verdicts: rows.map((row) => `${row.id}: ${row.verdict}. ${row.why}.`),
    tables: [verdictTable(rows), commandTable(rows)],
    charts: [],
    method: [
      `${blocks} ${blocks === 1 ? "block" : "blocks"}, files of ${fileSizeBytes / 2 ** 20} MiB under ${directory}; every cell once a block, in an order drawn from seed ${run.seed}. Ratios are within one block.`,
      "Counts come from runs of their own; the fixed part of the load is taken out.",
    ],
    warnings: [],
  };
}

/** What `fusemeter claims` prints at its end: a line a claim, and below it the figures behind it. */
export function ledgerSummary(rows: readonly LedgerRow[], report: string): string {
  const table = terminal(
    [["claim", "measured here", "verdict"], ...rows.map((row) => [row.id, measured(row), row.verdict])],
    ["l", "l", "l"],
  );
  const texts = rows.map(
    ({ id, claim, source, why, command }) => `${id}: "${claim}"\n  source: ${source}\n  ${why}\n  repeat: ${command}`,
  );
  return [answer(rows), table, ...texts, `Report: ${report}`].join("\n\n");
}
