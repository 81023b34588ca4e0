/**
 * The bounds of a manifest. They bound the memory that foreign manifests, layers and origins can make this process use. The largest
 * manifest takes 0.7 GiB with the most chunks, and 1.7 GiB with the most entries (measured). A fetch takes one chunk or pack.
 */

/** The largest chunk in bytes. A waiting reader, the loader and the origin hold whole chunks. */
export const MOST_CHUNK_BYTES = 16 * 2 ** 20;
/** The largest pack in bytes, packed or unpacked (a stream of zstd excepted). An origin holds whole packs. */
export const MOST_PACK_BYTES = 32 * 2 ** 20;
/** The largest manifest in bytes, as a file. */
export const MOST_MANIFEST_BYTES = 512 * 2 ** 20;
/** The longest line of a manifest in bytes. */
export const MOST_LINE_BYTES = 2 ** 20;
export const MOST_ENTRIES = 2 ** 20;
/** 256 GiB in chunks of 128 KiB. */
export const MOST_CHUNKS = 2 ** 21;
/** All content together in bytes: an archive that unpacks to more is taken for a bomb. */
export const MOST_CONTENT_BYTES = 2 ** 40;
/** The attributes of one entry in bytes, names and values: they fit into one line of a manifest in base64. */
export const MOST_XATTR_BYTES = 512 * 2 ** 10;
/** PATH_MAX and NAME_MAX of linux/limits.h, without the final NUL. */
export const MOST_PATH_BYTES = 4095;
export const MOST_NAME_BYTES = 255;
/** The window of deflate (RFC 1951, section 2). */
export const WINDOW_BYTES = 32 * 2 ** 10;
