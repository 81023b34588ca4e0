import { z } from "zod";
import { MOST_CHUNK_BYTES, MOST_CHUNKS, MOST_CONTENT_BYTES, MOST_ENTRIES, MOST_PACK_BYTES, WINDOW_BYTES } from "./limits.js";

/** The lines of a manifest's file: one header, then each pack, then each entry, a file followed by rows of its chunks. */

const kinds = ["directory", "tar", "tar.gz", "tar.zst", "estargz"] as const;
const count = (most: number) => z.int().min(0).max(most);
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);

export const header = z.strictObject({
  format: z.literal("fusemeter-manifest"),
  version: z.literal(1),
  kind: z.enum(kinds),
  packs: count(MOST_CHUNKS),
  entries: count(MOST_ENTRIES).min(1),
  chunks: count(MOST_CHUNKS),
});

/** A path that is to be loaded first. */
export const prefetch = z.strictObject({ prefetch: z.string() });

const range = { offset: count(Number.MAX_SAFE_INTEGER), size: count(MOST_PACK_BYTES).min(1) };
const unpackedSize = count(MOST_PACK_BYTES).min(1);
export const pack = z.discriminatedUnion("packing", [
  z.strictObject({ packing: z.literal("none"), ...range, unpackedSize }),
  z.strictObject({ packing: z.literal("gzip"), ...range, unpackedSize }),
  z.strictObject({
    packing: z.literal("deflate"),
    ...range,
    unpackedSize,
    bits: count(7),
    // Deflated bytes are hardly longer than the bytes themselves; base64 is longer by a third.
    window: base64.max(2 * WINDOW_BYTES),
  }),
  z.strictObject({
    packing: z.literal("zstd"),
    offset: z.literal(0),
    size: count(Number.MAX_SAFE_INTEGER),
    unpackedSize: count(2 * MOST_CONTENT_BYTES),
  }),
]);

const attributes = {
  path: z.string(),
  mode: count(0o7777),
  // (uid_t)-1 is "no change" for chown(2).
  uid: count(2 ** 32 - 2),
  gid: count(2 ** 32 - 2),
  /** Seconds and nanoseconds. */
  mtime: z.tuple([
    z
      .int()
      .min(-(2 ** 40))
      .max(2 ** 40),
    count(999_999_999),
  ]),
  xattrs: z.record(z.string(), base64).optional(),
};

export const entry = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("directory"), ...attributes }),
  z.strictObject({ type: z.literal("file"), ...attributes, size: count(MOST_CONTENT_BYTES), chunks: count(MOST_CHUNKS) }),
  z.strictObject({ type: z.literal("symlink"), ...attributes, target: z.string() }),
  z.strictObject({ type: z.literal("hardlink"), path: z.string(), target: z.string() }),
  z.strictObject({ type: z.literal("fifo"), ...attributes }),
  z.strictObject({ type: z.literal("whiteout"), ...attributes }),
]);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const size = count(MOST_CHUNK_BYTES).min(1);
/** SHA-256 and size; in a layer also the pack, the byte of it where unpacking begins, and the unpacked bytes to skip. */
export const chunkRows = z.array(
  z.union([
    z.tuple([sha256, size]),
    z.tuple([sha256, size, count(MOST_CHUNKS), count(MOST_PACK_BYTES), count(2 * MOST_CONTENT_BYTES)]),
  ]),
);

export type Header = z.infer<typeof header>;
export type PackLine = z.infer<typeof pack>;
export type EntryLine = z.infer<typeof entry>;
export type ChunkRow = z.infer<typeof chunkRows>[number];
