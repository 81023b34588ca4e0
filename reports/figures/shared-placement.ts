import type { Cell, Placement } from "../../results/index.js";
import { type PlacementOrder, placementOrders } from "./placed-rows.js";
import { nsOfRounds, type SliceTime } from "./slices.js";

/**
 * The first placement of an order in which every one of some cells has a time, so that no two of them are compared across
 * placements. Null where there is none.
 */
export function sharedPlacement(cells: readonly Cell[], order: PlacementOrder, time: SliceTime): Placement | null {
  const hasTime = (placement: Placement) => cells.every((cell) => nsOfRounds(cell, placement, time).length > 0);
  return placementOrders[order].find(hasTime) ?? null;
}
