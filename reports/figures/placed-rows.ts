import { type Placement, placements } from "../../results/index.js";
import type { ComparisonRow } from "./comparison.js";
import { groupOf } from "./every-cell.js";
import { groupBy } from "./group-by.js";

/**
 * The order in which a report that has room for one placement looks for it. `steady`: the cost of the software, with the least
 * noise. `users`: the cost that a program meets, on the cores that the scheduler chooses; fio's samples are taken so too.
 */
export const placementOrders = {
  steady: ["one-core", "two-cores", "scheduler"],
  users: ["scheduler", "one-core", "two-cores"],
} as const satisfies Record<string, readonly Placement[]>;

export type PlacementOrder = keyof typeof placementOrders;

/** A placement in words, for titles and sentences. */
export const placementWords: Readonly<Record<Placement, string>> = {
  "one-core": "reader and daemon on one core",
  "two-cores": "reader and daemon on a core each",
  scheduler: "cores chosen by the scheduler",
};

/** One row a cell: that in which fio's figures stand. */
export function cellRows(rows: readonly ComparisonRow[]): ComparisonRow[] {
  return rows.filter(({ hasSamples }) => hasSamples);
}

/** The placements of some rows, in the order of the list of placements. */
export function placementsIn(rows: readonly ComparisonRow[]): Placement[] {
  return placements.filter((placement) => rows.some((row) => row.placement === placement));
}

/** One row a cell: all rows that are compared with one another are of one placement. */
export function rowsIn(rows: readonly ComparisonRow[], order: PlacementOrder): ComparisonRow[] {
  return [...groupBy(rows, ({ cell }) => groupOf(cell)).values()].flatMap((group) => {
    const found = placementsIn(group);
    const chosen = placementOrders[order].find((placement) => found.includes(placement)) ?? null;
    return group.filter(({ placement }) => placement === chosen);
  });
}
