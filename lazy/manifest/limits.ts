/** The largest chunk in bytes. A waiting reader, the loader and the origin hold whole chunks. */
export const MOST_CHUNK_BYTES = 16 * 2 ** 20;
/** The largest pack in bytes, packed or unpacked (a stream of zstd excepted). An origin holds whole packs. */
export const MOST_PACK_BYTES = 32 * 2 ** 20;
