export { jobContender } from "./job-contender.js";
export { drawCores, place } from "./place.js";
export { mountRound } from "./round-mounts.js";
export { type SliceReader, startSliceReader } from "./slice-reader.js";
export { takeRound } from "./take-round.js";
