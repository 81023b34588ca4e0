import { badLayer } from "../common/bad-layer.js";

/** A part of a zstd file that is complete: the header of a frame, or a block with its header. */
export type FramePart =
  | { readonly kind: "frame"; readonly bytes: Buffer }
  | { readonly kind: "block"; readonly bytes: Buffer; readonly isLast: boolean };

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
/** `zstd -d` needs `--long=28` beyond this too. */
const MOST_WINDOW_BYTES = 128 * 2 ** 20;
/** `ZSTD_BLOCKSIZE_MAX` (RFC 8878, 3.1.1.2.4). */
const MOST_BLOCK_BYTES = 128 * 1024;

interface Taken {
  /** 0: the part is not complete. */
  readonly length: number;
  /** Null for bytes to skip. */
  readonly part: FramePart | null;
}

const incomplete: Taken = { length: 0, part: null };

/**
 * Cuts a zstd file (RFC 8878) into its parts, and bounds the memory of a decoder: the window of a frame, and the unpacked bytes of a
 * block.
 */
export class ZstdFrames {
  #held = Buffer.alloc(0);
  #skip = 0;
  #isInFrame = false;
  #hasFrame = false;
  #checksumBytes = 0;

  /**
   * Takes a piece of the file. Iterate to the end: the rest of a piece is kept only then.
   *
   * @throws {FusemeterError} `BAD_LAYER`
   */
  *parts(piece: Uint8Array): Generator<FramePart> {
    let rest = Buffer.concat([this.#held, piece]);
    for (;;) {
      const { length, part } = this.#take(rest);
      if (length === 0) break;
      rest = rest.subarray(length);
      if (part !== null) yield part;
    }
    this.#held = rest;
  }

  /** The file is over. @throws {FusemeterError} `BAD_LAYER` where it ends in the middle of a frame */
  end(): void {
    const isWhole = !this.#isInFrame && this.#held.length === 0 && this.#skip === 0 && this.#hasFrame;
    if (!isWhole) throw badLayer("the layer ends in the middle of its zstd stream");
  }

  /** Takes bytes off the front, and the part that they are. */
  #take(bytes: Buffer): Taken {
    if (this.#skip > 0) {
      const skipped = Math.min(this.#skip, bytes.length);
      this.#skip -= skipped;
      return { length: skipped, part: null };
    }
    return this.#isInFrame ? this.#takeBlock(bytes) : this.#takeHeader(bytes);
  }

  #takeHeader(bytes: Buffer): Taken {
    if (bytes.length < 8) return incomplete;
    const magic = bytes.readUInt32LE(0);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      this.#skip = bytes.readUInt32LE(4);
      return { length: 8, part: null };
    }
    if (magic !== MAGIC) throw badLayer("the layer is not zstd");
    const descriptor = bytes[4]!;
    const isSingle = (descriptor & 0x20) !== 0;
    const idBytes = [0, 1, 2, 4][descriptor & 3]!;
    const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
    const sizeAt = 5 + (isSingle ? 0 : 1) + idBytes;
    if (bytes.length < sizeAt + sizeBytes) return incomplete;
    if (bytes.subarray(sizeAt - idBytes, sizeAt).some((byte) => byte !== 0))
      throw badLayer("the layer's zstd stream needs a dictionary");
    const windowBytes = isSingle ? sizeOf(bytes.subarray(sizeAt, sizeAt + sizeBytes)) : windowOf(bytes[5]!);
    if (windowBytes > MOST_WINDOW_BYTES) {
      throw badLayer("the layer's zstd stream can't be unpacked", `its window is larger than ${MOST_WINDOW_BYTES / 2 ** 20} MiB`);
    }
    this.#checksumBytes = (descriptor & 4) === 0 ? 0 : 4;
    [this.#isInFrame, this.#hasFrame] = [true, true];
    const length = sizeAt + sizeBytes;
    return { length, part: { kind: "frame", bytes: bytes.subarray(0, length) } };
  }

  #takeBlock(bytes: Buffer): Taken {
    if (bytes.length < 3) return incomplete;
    const header = bytes.readUIntLE(0, 3);
    const [isLast, type, size] = [(header & 1) === 1, (header >> 1) & 3, header >> 3];
    if (type === 3 || size > MOST_BLOCK_BYTES)
      throw badLayer("the layer's zstd stream is broken", "a block is not of the format");
    // A run is one byte, and unpacks to the size.
    const end = 3 + (type === 1 ? 1 : size) + (isLast ? this.#checksumBytes : 0);
    if (bytes.length < end) return incomplete;
    this.#isInFrame = !isLast;
    return { length: end, part: { kind: "block", bytes: bytes.subarray(0, end), isLast } };
  }
}

/** The size of a frame's content, which is its window where it is a single segment. */
function sizeOf(field: Buffer): number {
  if (field.length === 8) return Number(field.readBigUInt64LE());
  return field.readUIntLE(0, field.length) + (field.length === 2 ? 256 : 0);
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
