import { formatCount, formatMeasured } from "../figures/formats.js";
import { type Grid, markdown, terminal } from "../tables/table.js";
import type { Decision } from "./decision.js";
import type { DecisionRow } from "./decision-row.js";
import type { Verdict } from "./judgement.js";

/** The word of each verdict in the table. */
const labels: Readonly<Record<Verdict, string>> = {
  same: "ok",
  better: "better",
  worse: "WORSE",
  suspect: "can't tell",
  unknown: "can't tell",
};

const header = ["place", "metric", "before", "now", "interval", "allowed", "n", "p", "verdict"];
const align = ["l", "l", "r", "r", "r", "r", "r", "r", "l"] as const;

/** A change in percent, short: a table of a terminal is narrow. */
function percent(ratio: number): string {
  const change = Math.abs(ratio - 1) * 100;
  return `${ratio >= 1 ? "+" : "-"}${change.toFixed(change < 9.95 ? 1 : 0)}%`;
}

function figure({ metric: { kind }, unit }: DecisionRow, value: number | null): string {
  if (value === null) return "n/a";
  if (kind === "working") return value === 0 ? "none" : String(value);
  return kind === "count" ? formatCount(value) : `${formatMeasured(value)}${unit === "us" ? " us" : "x"}`;
}

function intervalOf(row: DecisionRow): string {
  const { interval, metric } = row;
  if (interval === null) return "n/a";
  const [low, high] = [interval.low, interval.high].map(metric.kind === "time" ? percent : formatCount);
  return low === high ? low! : `[${low}, ${high}]`;
}

function allowedOf({ metric: { kind }, allowed }: DecisionRow): string {
  if (kind === "working") return "";
  return kind === "time" ? percent(allowed) : `+${allowed < 0.0995 ? allowed.toPrecision(2) : allowed.toFixed(2)}`;
}

/** A p value, as people write it. */
function formatP(p: number | null): string {
  if (p === null) return "";
  return p < 0.001 ? "<0.001" : p.toFixed(3);
}

function gridOf(rows: readonly DecisionRow[]): Grid {
  const cells = (row: DecisionRow) => [
    `${row.backend}: ${row.place}`,
    row.metric.shortLabel,
    figure(row, row.before),
    figure(row, row.now),
    intervalOf(row),
    allowedOf(row),
    row.n,
    formatP(row.p),
    labels[row.verdict],
  ];
  return [header, ...rows.map(cells)];
}

/** The columns, explained. */
const legend = [
  "Counts per I/O: the interval is the range of the counted runs, and `allowed` is how much more is let pass.",
  "Times: `x` is the ratio to native in the same round; the interval is that of now by before, 95 %; n counts rounds; p is one-sided, corrected for all times.",
  "Worse: a count beyond what is allowed in every run; a time beyond it, at a level that all times and looks share. Can't tell: neither passed nor failed.",
];

/** The first line: the verdict, and the number of metrics behind it. */
function headline({ verdict, rows }: Decision): string {
  const count = (...verdicts: readonly Verdict[]) => rows.filter((row) => verdicts.includes(row.verdict)).length;
  const parts = [
    [count("worse"), "worse"],
    [count("unknown", "suspect"), "can't be told"],
    [count("better"), "better"],
    [count("same"), "ok"],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return `Gate: ${verdict} (${said.join(", ") || "nothing was compared"})`;
}

/** The reasons, for the rows where the figures alone do not tell. */
function reasons({ rows }: Decision): string[] {
  const places = new Map<string, string[]>();
  for (const { reason, backend, place, metric } of rows) {
    if (reason !== null) places.set(reason, [...(places.get(reason) ?? []), `${backend}: ${place}: ${metric.label}`]);
  }
  return [...places].map(([reason, where]) => {
    const shown = where.slice(0, 2).join("; ");
    return `${shown}${where.length > 2 ? ` and ${where.length - 2} more` : ""}: ${reason}`;
  });
}

/** The text that `fusemeter gate` prints. */
export function terminalDecision(decision: Decision): string {
  const table = decision.rows.length === 0 ? "" : terminal(gridOf(decision.rows), align);
  const below = [...reasons(decision), ...legend].map((line) => `  ${line}`).join("\n");
  return [headline(decision), decision.notes.join("\n"), `${table}\n${below}`].join("\n\n");
}

/** The same for a pull request: a table of the rows that are not plain ok, and the rest folded away. */
export function markdownDecision(decision: Decision): string {
  const notable = decision.rows.filter(({ verdict }) => verdict !== "same");
  const rest = decision.rows.filter(({ verdict }) => verdict === "same");
  const parts = [
    `### ${headline(decision)}`,
    decision.notes.join("  \n"),
    notable.length === 0 ? "" : markdown(gridOf(notable), align),
    reasons(decision)
      .map((line) => `- ${line}`)
      .join("\n"),
    rest.length === 0
      ? ""
      : `<details><summary>${rest.length} metrics are ok</summary>\n\n${markdown(gridOf(rest), align)}\n\n</details>`,
    legend.join("  \n"),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
