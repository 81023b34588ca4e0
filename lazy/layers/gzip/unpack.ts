import { constants, createGunzip, createInflateRaw, type Gunzip, type InflateRaw, inflateRawSync } from "node:zlib";
import { type Packing, WINDOW_BYTES } from "../../manifest/index.js";
import { badLayer } from "../common/bad-layer.js";
import { emptyBlocks } from "./empty-blocks.js";

type Deflate = Packing & { readonly kind: "deflate" };

/**
 * Unpacks the blocks of deflate behind a checkpoint.
 *
 * @param packed the bytes from the checkpoint on
 * @param length the bytes to unpack; no more is held
 * @throws {FusemeterError} `BAD_LAYER` for bytes that are no such blocks, or too few
 */
export async function unpackDeflate(packed: Uint8Array, { bits, window }: Deflate, length: number): Promise<Buffer> {
  const dictionary = windowOf(window);
  const stream = createInflateRaw({ ...optionsFor(length), ...(dictionary.length > 0 && { dictionary }) });
  return await firstBytes(stream, bits === 0 ? [packed] : shifted(packed, bits), length);
}

/** Unpacks the beginning of members of gzip. As `unpackDeflate`. */
export async function unpackGzip(packed: Uint8Array, length: number): Promise<Buffer> {
  return await firstBytes(createGunzip(optionsFor(length)), [packed], length);
}

/** The packed bytes end in the middle of a stream: zlib must not take that for a fault. */
const optionsFor = (length: number) => ({
  finishFlush: constants.Z_SYNC_FLUSH,
  chunkSize: Math.min(Math.max(length, 4096), 2 ** 20),
});

/** Blocks that begin at a bit, brought to that bit by empty ones that end in the same byte. */
function shifted(packed: Uint8Array, bits: number): Uint8Array[] {
  const before = emptyBlocks(bits);
  before[before.length - 1]! |= packed[0]! & ~((1 << bits) - 1);
  return [before, packed.subarray(1)];
}

function windowOf(text: string): Buffer {
  try {
    return inflateRawSync(Buffer.from(text, "base64"), { maxOutputLength: WINDOW_BYTES });
  } catch (cause) {
    throw badLayer("the window of a checkpoint can't be unpacked", null, cause);
  }
}

/** The first bytes that come out of an unpacker, which is then ended: the rest is never unpacked. */
async function firstBytes(stream: Gunzip | InflateRaw, packed: readonly Uint8Array[], length: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let held = 0;
  try {
    for (const piece of packed) stream.write(piece);
    stream.end();
    for await (const piece of stream as AsyncIterable<Buffer>) {
      pieces.push(piece);
      held += piece.length;
      if (held >= length) break;
    }
  } catch (cause) {
    throw badLayer("a pack can't be unpacked", (cause as Error).message, cause);
  } finally {
    stream.destroy();
  }
  if (held < length) throw badLayer("a pack can't be unpacked", `it has ${held} of ${length} bytes`);
  return Buffer.concat(pieces, length);
}
