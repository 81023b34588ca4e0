export { mayTryAgain } from "../ranges/index.js";
export type { Origin, OriginCounts } from "./origin.js";
