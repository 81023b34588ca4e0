import { markdown } from "../../reports/tables/index.js";
import type { CurvePoint } from "./curve.js";
import type { Tally } from "./tally.js";

const header = [
  "daemon",
  "cores",
  "slower by",
  "measured",
  "budget",
  "runs: regression",
  "can't tell",
  "drawn: regression",
  "can't tell",
  "intervals that hold 1",
];
const align = ["l", "l", "r", "r", "r", "r", "r", "r", "r", "r"] as const;

const part = (some: number, { decisions }: Tally) => `${some} of ${decisions}`;

/** The points of a curve as a table in Markdown. */
export function curveTable(points: readonly CurvePoint[]): string {
  const rows = points.map(({ daemon, load, effectPercent, measuredPercent, budgetSeconds, whole, drawn, coverage }) => [
    daemon,
    load,
    `${effectPercent} %`,
    `${measuredPercent.toFixed(1)} %`,
    `${budgetSeconds} s`,
    part(whole.regressions, whole),
    part(whole.untold, whole),
    part(drawn.regressions, drawn),
    part(drawn.untold, drawn),
    coverage === null || coverage.intervals === 0 ? "" : `${((100 * coverage.holding) / coverage.intervals).toFixed(1)} %`,
  ]);
  return markdown([header, ...rows], align);
}
