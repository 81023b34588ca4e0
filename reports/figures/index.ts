export { compare } from "./comparison.js";
export { type PrecisionRequest, type PrecisionStep, roundsToCome } from "./precision.js";
export { estimateOfRounds, halfWidthOf, inverse, type RoundsEnd } from "./round-estimate.js";
export { type InRound, nsOfRounds, ratiosOfRounds, roundsIn, type SliceTime, takenRounds } from "./slices.js";
export { type Estimate, estimate, medianInterval, pairedRatios, robustDeviation } from "./statistics.js";
export { studentFactor } from "./student-t.js";
export { ratiosToNative, type WatchedRatio, watchedRatio } from "./watched-ratios.js";
