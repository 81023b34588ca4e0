export { Link, mayTryAgain, type Patience, parseLink } from "../ranges/index.js";
export type { OriginModule } from "./module-origin.js";
export { type OriginOptions, openOrigin } from "./open.js";
export type { Origin, OriginCounts } from "./origin.js";
