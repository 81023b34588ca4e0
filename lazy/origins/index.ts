export { mayTryAgain, type Origin, type OriginCounts } from "./origin.js";
