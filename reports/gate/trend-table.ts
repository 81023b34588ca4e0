import { formatMeasured } from "../figures/formats.js";
import { terminal } from "../tables/table.js";
import type { Series } from "./series.js";

const header = ["figure", "unit", "n", "first", "last", "steps"];
const align = ["l", "l", "r", "r", "r", "l"] as const;

function stepWords({ points, steps }: Series): string {
  const words = steps.map(({ at, before, after }) => {
    const { at: when, commit } = points[at]!;
    const where = commit === null ? when.slice(0, 16) : commit.slice(0, 10);
    return `${formatMeasured(before)} -> ${formatMeasured(after)} at ${where}`;
  });
  return words.join("; ") || "none";
}

/** A line a figure, those with steps first. */
export function trendTable(all: readonly Series[]): string {
  const rows = all
    .toSorted((a, b) => b.steps.length - a.steps.length)
    .map((series) => {
      const { name, unit, fingerprint, points } = series;
      const ends = [points[0]!, points.at(-1)!].map(({ value }) => formatMeasured(value));
      return [
        fingerprint === null ? name : `${name} (${fingerprint})`,
        unit || "1",
        String(points.length),
        ...ends,
        stepWords(series),
      ];
    });
  return terminal([header, ...rows], align);
}
