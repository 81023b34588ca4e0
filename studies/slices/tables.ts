import { markdown } from "../../reports/tables/index.js";
import type { Coverage } from "./coverage.js";

const percent = (part: number, digits = 1) => `${(part * 100).toFixed(digits)} %`;

/** `95.3 % ±0.84 %`: the part of the intervals that hold the truth, and their mean half-width. */
export function coverageText({ held, meanHalfWidth }: Coverage): string {
  return `${percent(held)} ±${percent(meanHalfWidth, 2)}`;
}

/** Prints a table: a name in the first column, figures in the others. */
export function printTable(title: string, header: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(`\n${title}\n`);
  console.log(markdown([header, ...rows], ["l", ...header.slice(1).map(() => "r" as const)]));
}
