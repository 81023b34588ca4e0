import type { HistoryLine } from "../../results/index.js";

import { type Step, stepsOf } from "./steps.js";

/** One figure over the runs of a history. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  /** The host that it was measured on; null for a count, which carries over. */
  readonly fingerprint: string | null;
  readonly points: readonly { readonly at: string; readonly commit: string | null; readonly value: number }[];
  readonly steps: readonly Step[];
}

/** The figures of a history, each with its steps. A time is a series a host. */
export function seriesOf(history: readonly HistoryLine[]): Series[] {
  const found = new Map<string, Omit<Series, "steps" | "points"> & { points: Series["points"][number][] }>();
  for (const { at, commit, fingerprint, figures } of history) {
    for (const { name, kind, unit, value } of figures) {
      const host = kind === "time" ? fingerprint : null;
      const key = JSON.stringify([name, unit, host]);
      const series = found.get(key) ?? { name, unit, fingerprint: host, points: [] };
      series.points.push({ at, commit, value });
      found.set(key, series);
    }
  }
  return [...found.values()].map((series) => ({ ...series, steps: stepsOf(series.points.map(({ value }) => value)) }));
}
