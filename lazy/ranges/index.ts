export { mayTryAgain, originError } from "./errors.js";
export { Link, parseLink } from "./link.js";
export { isUrl, openRanges, type RangesOptions, READS_AT_ONCE } from "./open.js";
export type { Ranges, TransferCounts } from "./ranges.js";
export type { Patience } from "./retries.js";
export { onAbort } from "./signals.js";
