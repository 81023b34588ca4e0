export { MOST_CHUNK_BYTES, MOST_PACK_BYTES } from "./limits.js";
export type * from "./types.js";
