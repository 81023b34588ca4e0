export { drawCores, place } from "./place.js";
export type { JobContender } from "./reader/protocol.js";
export { mountRound } from "./round-mounts.js";
export { type SliceReader, startSliceReader } from "./slice-reader.js";
export { takeRound } from "./take-round.js";
