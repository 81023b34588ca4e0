import { assemble, type Manifest, MOST_CONTENT_BYTES, type SourceKind } from "../manifest/index.js";
import type { Ranges } from "../ranges/index.js";
import { Collector } from "./collector.js";
import { badLayer } from "./common/bad-layer.js";
import type { Unpacker } from "./common/unpacker.js";
import { manifestOfEstargz } from "./estargz/manifest.js";
import { GzipScanner } from "./gzip/scanner.js";
import { CheckpointPacks, PlainPacks, StreamPack } from "./packs.js";
import { ZstdUnpacker } from "./zstd/unpacker.js";

export interface LayerOptions {
  /** The size of a chunk; the last of a file, or of a span, is smaller. */
  readonly chunkBytes: number;
  /** The unpacked bytes between the checkpoints of a tar.gz. */
  readonly spanBytes: number;
  /** The digest that the table of contents of an eStargz layer must have, `sha256:HEX`; null: it is taken as it is. */
  readonly tocDigest: string | null;
}

/** An archive may be padded behind its end, to the size of a tape's record. */
const MOST_PADDING_BYTES = 64 * 2 ** 20;

/**
 * The manifest of a layer: a tar archive as it is, in gzip, or in zstd. Reads the layer once, from its beginning to its end; of an
 * eStargz layer only the table of contents. Holds the tree, and a few MiB of content.
 *
 * @throws {FusemeterError} `BAD_LAYER` or `BAD_MANIFEST`: one line that names the first fault; an origin's errors
 */
export async function manifestOfLayer(ranges: Ranges, options: LayerOptions, signal: AbortSignal): Promise<Manifest> {
  const pieces = ranges.stream("", 0, signal);
  const first = await pieces.next();
  if (first.done === true) throw badLayer("the layer is empty");
  const kind = kindOf(first.value);
  try {
    if (kind === "tar.gz") {
      const found = await manifestOfEstargz(ranges, options, signal);
      if (found !== null) return found;
    }
    if (options.tocDigest !== null) throw badLayer("the layer has no table of contents", "it is not eStargz");
    return await scan(kind, prepend(first.value, pieces), options);
  } finally {
    await pieces.return(undefined);
  }
}

/** The kind of a layer by its first bytes. */
function kindOf(first: Buffer): "tar" | "tar.gz" | "tar.zst" {
  if (first[0] === 0x1f && first[1] === 0x8b) return "tar.gz";
  const magic = first.length >= 4 ? first.readUInt32LE() : 0;
  return magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50 ? "tar.zst" : "tar";
}

async function* prepend(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function scan(kind: SourceKind, pieces: AsyncGenerator<Buffer>, options: LayerOptions): Promise<Manifest> {
  const { collector, unpacker } = begin(kind, options);
  let [size, padding] = [0, 0];
  for await (const piece of pieces) {
    if (collector.isEnded) padding += piece.length;
    unpacker.push(piece);
    size += piece.length;
    if (padding > MOST_PADDING_BYTES) throw badLayer("the layer goes on for more than 64 MiB behind its end");
    if (collector.unpackedSize > 2 * MOST_CONTENT_BYTES) throw badLayer("the layer unpacks to more than 2 TiB");
  }
  unpacker.end();
  return assemble(collector.finish(size));
}

function begin(kind: SourceKind, { chunkBytes, spanBytes }: LayerOptions): { collector: Collector; unpacker: Unpacker } {
  if (kind === "tar.gz") {
    const packs = new CheckpointPacks();
    const collector = new Collector(kind, packs, chunkBytes);
    const cut = () => {
      collector.cut();
      return collector.unpackedSize;
    };
    const unpacker = new GzipScanner(spanBytes, {
      unpacked: collector.unpacked,
      checkpoint: (place) => packs.checkpoint(place, cut()),
      memberEnd: (offset) => packs.memberEnd(offset, cut()),
    });
    return { collector, unpacker };
  }
  if (kind === "tar.zst") {
    const collector = new Collector(kind, new StreamPack(), chunkBytes);
    return { collector, unpacker: new ZstdUnpacker(collector.unpacked) };
  }
  const collector = new Collector(kind, new PlainPacks(chunkBytes), chunkBytes);
  return { collector, unpacker: { push: collector.unpacked, end: () => {} } };
}
