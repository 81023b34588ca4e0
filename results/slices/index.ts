export { isUseful, type Placement, placement, placements } from "./placement.js";
export { type PlacedSlices, placedSlices, type SliceRound, type TakenRound } from "./slice-round.js";
