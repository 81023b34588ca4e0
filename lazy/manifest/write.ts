import { badManifest } from "./bad-manifest.js";
import { MOST_MANIFEST_BYTES } from "./limits.js";
import type { ChunkRow, EntryLine, Header, PackLine } from "./schema.js";
import type { Attributes, Chunk, Entry, Manifest, Pack } from "./types.js";

/** The chunks of one line: about 100 KiB. */
const ROWS = 1000;

/**
 * The lines of a manifest's file, each with its final newline. A large tree is written piece by piece.
 *
 * @throws {FusemeterError} `BAD_MANIFEST` for a file that would be too large to be read
 */
export function* linesOf(manifest: Manifest): Generator<string> {
  let bytes = 0;
  for (const text of textsOf(manifest)) {
    bytes += text.length;
    if (bytes > MOST_MANIFEST_BYTES) {
      throw badManifest(
        `the manifest is larger than ${MOST_MANIFEST_BYTES / 2 ** 20} MiB`,
        "larger chunks and fewer checkpoints make it smaller",
      );
    }
    yield text;
  }
}

function* textsOf({ kind, packs, entries, chunks, prefetch }: Manifest): Generator<string> {
  yield line({
    format: "fusemeter-manifest",
    version: 1,
    kind,
    packs: packs.length,
    entries: entries.length,
    chunks: chunks.length,
  } satisfies Header);
  for (const pack of packs) yield line(packLine(pack));
  for (const entry of entries) {
    yield line(entryLine(entry));
    if (entry.type !== "file") continue;
    for (let i = 0; i < entry.chunks.length; i += ROWS) yield line(entry.chunks.slice(i, i + ROWS).map(rowOf));
  }
  for (const path of prefetch) yield line({ prefetch: path });
}

const line = (value: unknown) => `${JSON.stringify(value)}\n`;

function packLine({ packing, ...range }: Pack): PackLine {
  const { kind, ...more } = packing;
  return { packing: kind, ...range, ...more } as PackLine;
}

function entryLine(entry: Entry): EntryLine {
  if (entry.type === "hardlink") return entry;
  const common = attributesOf(entry);
  if (entry.type === "file") return { type: "file", ...common, size: entry.size, chunks: entry.chunks.length };
  if (entry.type === "symlink") return { type: "symlink", ...common, target: entry.target };
  return { type: entry.type, ...common };
}

function attributesOf({ path, mode, uid, gid, mtimeSeconds, mtimeNanoseconds, xattrs }: Attributes) {
  const mtime: [number, number] = [mtimeSeconds, mtimeNanoseconds];
  return { path, mode, uid, gid, mtime, ...(Object.keys(xattrs).length > 0 && { xattrs: { ...xattrs } }) };
}

function rowOf({ sha256, size, place }: Chunk): ChunkRow {
  return place.kind === "file" ? [sha256, size] : [sha256, size, place.pack, place.at, place.skip];
}
