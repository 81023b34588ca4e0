export { compare } from "./comparison.js";
export { type Estimate, estimate, pairedRatios } from "./statistics.js";
