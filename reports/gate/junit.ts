import { formatCount, formatMeasured } from "../figures/formats.js";
import { escapeMarkup } from "../tables/markup.js";
import type { Decision } from "./decision.js";
import type { DecisionRow } from "./decision-row.js";

/** Text for an attribute or an element. Control characters, which XML 1.0 can't hold, become question marks. */
function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not get through
  const legal = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "?");
  return escapeMarkup(legal).replace(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A row's figures in one line. */
export function sentence({ before, now, unit, metric: { kind }, interval, allowed, reason }: DecisionRow): string {
  const format = (value: number | null) =>
    value === null ? "n/a" : kind === "time" ? formatMeasured(value) : formatCount(value);
  const range =
    interval === null
      ? ""
      : kind === "time"
        ? `, now by before [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}], least ${allowed.toFixed(2)}`
        : `, allowed +${formatCount(allowed)}`;
  const figures = kind === "working" ? "" : `before ${format(before)}, now ${format(now)} ${unit}`.trimEnd() + range;
  return [figures, reason ?? ""].filter((part) => part !== "").join(": ");
}

function testcase(row: DecisionRow): string {
  const name = `    <testcase classname="${escapeXml(`${row.backend} ${row.place}`)}" name="${escapeXml(row.metric.id)}"`;
  const text = escapeXml(sentence(row));
  switch (row.verdict) {
    case "worse":
      return `${name}><failure message="${text}" type="regression"/></testcase>`;
    case "suspect":
    case "unknown":
      return `${name}><skipped message="${escapeXml(`can't tell: ${sentence(row)}`)}"/></testcase>`;
    default:
      return `${name}><system-out>${text}</system-out></testcase>`;
  }
}

/** The decision as JUnit XML, one test case a metric. A row that can't be told is skipped: neither passed nor failed. */
export function junit({ rows }: Decision): string {
  const failures = rows.filter(({ verdict }) => verdict === "worse").length;
  const skipped = rows.filter(({ verdict }) => verdict === "unknown" || verdict === "suspect").length;
  const numbers = `tests="${rows.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="fusemeter gate" ${numbers}>`,
    `  <testsuite name="fusemeter gate" ${numbers}>`,
    ...rows.map(testcase),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}
