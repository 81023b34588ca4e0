export { compare } from "./comparison.js";
export { formatCell } from "./formats.js";
export { roundsToCome } from "./precision.js";
export { estimateOfRounds } from "./round-estimate.js";
export { ratiosOfRounds } from "./slices.js";
export { type Estimate, estimate, medianInterval, pairedRatios, robustDeviation } from "./statistics.js";
export { studentFactor } from "./student-t.js";
export { watchedRatios } from "./watched-ratios.js";
