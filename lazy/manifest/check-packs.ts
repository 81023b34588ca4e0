import { badManifest } from "./bad-manifest.js";
import { MOST_CHUNK_BYTES, MOST_CONTENT_BYTES, MOST_PACK_BYTES } from "./limits.js";
import type { Chunk, Pack, Packing, PackPlace, SourceKind } from "./types.js";

/** The packing of each kind's packs; null: it has none. */
const packingOf: Readonly<Record<SourceKind, Packing["kind"] | null>> = {
  directory: null,
  tar: "none",
  "tar.gz": "deflate",
  "tar.zst": "zstd",
  estargz: "gzip",
};

/**
 * Checks that each chunk lies in its pack, and that no pack unpacks to more than it says.
 *
 * @param chunks ascending by their places
 * @throws {FusemeterError} `BAD_MANIFEST`
 */
export function checkPacks(packs: readonly Pack[], chunks: readonly Chunk[], kind: SourceKind): void {
  for (const [index, pack] of packs.entries()) {
    if (pack.packing.kind !== packingOf[kind])
      throw badManifest(`pack ${index} has the packing ${pack.packing.kind}`, `it is of a ${kind}`);
    checkPack(pack, index);
  }
  // It is one stream: an origin unpacks it from its beginning.
  if (kind === "tar.zst" && packs.length > 1) throw badManifest("a tar.zst has more than one pack");
  const needs = new Needs();
  let passed = 0;
  for (const { place, size } of chunks) {
    if ((place.kind === "file") !== (kind === "directory")) throw badManifest("a chunk has a place of the wrong kind");
    if (size > MOST_CHUNK_BYTES) throw badManifest(`a chunk has ${size} bytes`, `the most is ${MOST_CHUNK_BYTES}`);
    if (place.kind === "file") continue;
    const pack = packs[place.pack];
    if (pack === undefined) throw badManifest("a chunk lies in a pack that does not exist");
    if (!isInside(place, size, pack) || needs.after(place, size) > pack.unpackedSize) {
      throw badManifest(`a chunk lies outside of pack ${place.pack}`);
    }
    if (kind === "tar.zst" && place.skip < passed) throw badManifest("two chunks of a stream overlap");
    passed = place.skip + size;
  }
}

function checkPack({ offset, size, unpackedSize, packing }: Pack, index: number): void {
  const most = packing.kind === "zstd" ? Number.MAX_SAFE_INTEGER : MOST_PACK_BYTES;
  const unpackedMost = packing.kind === "zstd" ? 2 * MOST_CONTENT_BYTES : MOST_PACK_BYTES;
  if (size > 0 && size <= most && unpackedSize <= unpackedMost && offset + size <= Number.MAX_SAFE_INTEGER) return;
  throw badManifest(`pack ${index} has ${size} bytes, unpacked ${unpackedSize}`, `the most is ${MOST_PACK_BYTES}`);
}

function isInside({ at, skip }: PackPlace, size: number, pack: Pack): boolean {
  switch (pack.packing.kind) {
    case "none":
      return skip === 0 && at + size <= pack.size;
    case "gzip":
      return at < pack.size && skip + size <= pack.unpackedSize;
    case "deflate":
    case "zstd":
      return at === 0 && skip + size <= pack.unpackedSize;
  }
}

/** The unpacked bytes that the chunks of one pack need: an origin holds them at once. */
class Needs {
  #pack = -1;
  #at = -1;
  /** The bytes of the places before the current one. */
  #before = 0;
  #here = 0;

  /** The bytes that the pack of a place needs, up to this chunk. */
  after({ pack, at, skip }: PackPlace, size: number): number {
    if (pack !== this.#pack) [this.#before, this.#here] = [0, 0];
    else if (at !== this.#at) [this.#before, this.#here] = [this.#before + this.#here, 0];
    [this.#pack, this.#at] = [pack, at];
    this.#here = Math.max(this.#here, skip + size);
    return this.#before + this.#here;
  }
}
