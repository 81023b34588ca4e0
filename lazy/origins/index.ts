export { mayTryAgain, type Patience, parseLink } from "../ranges/index.js";
export { openOrigin } from "./open.js";
export type { Origin } from "./origin.js";
