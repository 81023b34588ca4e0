import { createHash } from "node:crypto";
import { z } from "zod";
import { MOST_CHUNK_BYTES, MOST_CONTENT_BYTES } from "../../manifest/index.js";
import type { Ranges } from "../../ranges/index.js";
import { badLayer } from "../common/bad-layer.js";
import { unpackGzip } from "../gzip/unpack.js";
import { BLOCK_BYTES, parseHeader } from "../tar/header.js";
import { FOOTER_BYTES } from "./footer.js";

const NAME = "stargz.index.json";
/** The table is held whole, packed and unpacked. 64 MiB are about 250,000 entries, and about 700 MiB of heap while it is read. */
const MOST_TOC_BYTES = 64 * 2 ** 20;

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** An entry of the table (estargz.md of containerd/stargz-snapshotter). Names of users and groups are of no use here. */
const tocEntry = z.object({
  name: z.string(),
  type: z.enum(["dir", "reg", "symlink", "hardlink", "char", "block", "fifo", "chunk"]),
  size: count.max(MOST_CONTENT_BYTES).default(0),
  modtime: z.iso.datetime({ offset: true }).or(z.literal("")).default(""),
  linkName: z.string().default(""),
  mode: count.default(0),
  uid: count.default(0),
  gid: count.default(0),
  devMajor: z.int().default(0),
  devMinor: z.int().default(0),
  /** Values in base64, as Go writes bytes. */
  xattrs: z.record(z.string(), z.string()).default({}),
  digest: digest.optional(),
  offset: count.default(0),
  /** The unpacked bytes of the member before the content, where several contents share one. */
  innerOffset: count.max(MOST_CONTENT_BYTES).default(0),
  chunkOffset: count.default(0),
  /** 0: to the end of the file. */
  chunkSize: count.max(MOST_CHUNK_BYTES).default(0),
  chunkDigest: digest.optional(),
});

const toc = z.object({ version: z.literal(1), entries: z.array(tocEntry) });

export type TocEntry = z.infer<typeof tocEntry>;

/**
 * Reads the table of contents of an eStargz layer.
 *
 * @param offset the place of its member
 * @param wantedDigest the digest that the table must have, `sha256:HEX`; null: any
 * @throws {FusemeterError} `BAD_LAYER` for a table that is too large, broken, or of another digest
 */
export async function readToc(
  ranges: Ranges,
  offset: number,
  layerSize: number,
  wantedDigest: string | null,
  signal: AbortSignal,
): Promise<TocEntry[]> {
  const packedSize = layerSize - FOOTER_BYTES - offset;
  if (packedSize <= 0) throw badLayer("the layer's table of contents lies outside of it");
  if (packedSize > MOST_TOC_BYTES) throw tooLarge(packedSize);
  const packed = await ranges.read("", offset, packedSize, signal);
  const header = parseHeader(await unpackGzip(packed, BLOCK_BYTES), offset);
  if (header === null || header.name.toString() !== NAME) throw badLayer(`the layer's footer does not point to ${NAME}`);
  if (header.size < 0 || header.size > MOST_TOC_BYTES) throw tooLarge(header.size);
  const text = (await unpackGzip(packed, BLOCK_BYTES + header.size)).subarray(BLOCK_BYTES);
  checkDigest(text, wantedDigest);
  const { data, error } = toc.safeParse(parse(text));
  if (error === undefined) return data.entries;
  const { path, message } = error.issues[0]!;
  throw badLayer("the layer's table of contents can't be used", `${path.join(".")}: ${message}`);
}

function checkDigest(text: Buffer, wanted: string | null): void {
  const found = `sha256:${createHash("sha256").update(text).digest("hex")}`;
  if (wanted === null || wanted === found) return;
  throw badLayer("the layer's table of contents has another digest", `it is ${found}`);
}

function parse(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch (cause) {
    throw badLayer("the layer's table of contents is not JSON", null, cause);
  }
}

function tooLarge(bytes: number) {
  return badLayer(`the layer's table of contents has ${bytes} bytes`, `the most is ${MOST_TOC_BYTES / 2 ** 20} MiB`);
}
