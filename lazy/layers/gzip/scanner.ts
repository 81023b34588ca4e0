import { constants } from "node:zlib";
import inflate from "pako/lib/zlib/inflate.js";
import ZStream from "pako/lib/zlib/zstream.js";
import { MOST_PACK_BYTES, WINDOW_BYTES } from "../../manifest/index.js";
import { badLayer } from "../common/bad-layer.js";
import type { Unpacked, Unpacker } from "../common/unpacker.js";

/** A place in a gzip file at which unpacking can begin: the first bit of a block of deflate. */
export interface Checkpoint {
  /** The byte of the file that holds the bit. */
  readonly offset: number;
  /** The bits of that byte that belong to the block before: 0 to 7. */
  readonly bits: number;
  /** The unpacked bytes before the place, at most 32 KiB. Blocks behind it copy from them. */
  readonly window: Buffer;
}

interface Events {
  readonly unpacked: Unpacked;
  /** A checkpoint, before the bytes that begin there. */
  checkpoint(place: Checkpoint): void;
  /** The byte of the file behind the last member's blocks. */
  memberEnd(offset: number): void;
}

/** Gzip's header and checksum are handled too. */
const WINDOW_BITS = 15 + 16;
const BETWEEN_BLOCKS = 128;
const LAST_BLOCK = 64;
const MAGIC = 0x1f;

/**
 * Unpacks a gzip file once, and finds checkpoints in it: one at the beginning of each member, then one at the first block boundary
 * after each span. Checksums are checked.
 */
export class GzipScanner implements Unpacker {
  readonly #events: Events;
  readonly #spanBytes: number;
  #stream = new ZStream();
  readonly #output = new Uint8Array(2 * WINDOW_BYTES);
  readonly #window = new Window();
  /** The bytes of earlier pieces. */
  #before = 0;
  #sinceCheckpoint = 0;
  #isInMember = false;
  #isPadding = false;
  #hasMember = false;

  /** @param spanBytes the unpacked bytes between checkpoints */
  constructor(spanBytes: number, events: Events) {
    this.#events = events;
    this.#spanBytes = spanBytes;
  }

  push(piece: Uint8Array): void {
    const stream = this.#stream;
    [stream.input, stream.next_in, stream.avail_in] = [piece, 0, piece.length];
    while (this.#stream.avail_in > 0 && this.#enterMember()) this.#advance();
    this.#before += piece.length;
  }

  end(): void {
    if (this.#isInMember || !this.#hasMember) throw badLayer("the layer ends in the middle of its gzip stream");
  }

  /** True inside of a member; begins one where the next byte does. Other bytes behind a member are padding, as for gzip(1). */
  #enterMember(): boolean {
    if (this.#isInMember) return true;
    if (this.#isPadding || this.#stream.input[this.#stream.next_in] !== MAGIC) {
      if (!this.#hasMember) throw badLayer("the layer is not gzip");
      this.#isPadding = true;
      return false;
    }
    this.#renew();
    [this.#isInMember, this.#hasMember] = [true, true];
    this.#window.clear();
    // The first block's boundary comes after the header.
    this.#sinceCheckpoint = Number.POSITIVE_INFINITY;
    return true;
  }

  /** A stream of its own for each member: inflateReset of pako 2.1.0 leaves its window unusable. */
  #renew(): void {
    const { input, next_in, avail_in } = this.#stream;
    this.#stream = Object.assign(new ZStream(), { input, next_in, avail_in, output: this.#output });
    inflate.inflateInit2(this.#stream, WINDOW_BITS);
  }

  /** Unpacks up to the next boundary, or until the output is full or the input empty. */
  #advance(): void {
    const stream = this.#stream;
    [stream.next_out, stream.avail_out] = [0, stream.output.length];
    const status = inflate.inflate(stream, constants.Z_BLOCK);
    if (stream.next_out > 0) this.#pass(stream.output.subarray(0, stream.next_out));
    const end = this.#before + stream.next_in;
    if (status === constants.Z_STREAM_END) {
      this.#isInMember = false;
      this.#events.memberEnd(end);
    } else if (status !== constants.Z_OK && status !== constants.Z_BUF_ERROR) {
      throw badLayer(`the layer's gzip stream is broken near byte ${end}`, stream.msg || null);
    } else if ((stream.data_type & (BETWEEN_BLOCKS | LAST_BLOCK)) === BETWEEN_BLOCKS) {
      this.#boundary(end, stream.data_type & 7);
    }
  }

  #pass(bytes: Uint8Array): void {
    this.#window.push(bytes);
    this.#sinceCheckpoint += bytes.length;
    if (Number.isFinite(this.#sinceCheckpoint) && this.#sinceCheckpoint > MOST_PACK_BYTES) {
      throw badLayer("the layer can't be read at random", `its deflate blocks are larger than ${MOST_PACK_BYTES / 2 ** 20} MiB`);
    }
    this.#events.unpacked(bytes);
  }

  /** @param unused the bits of the last byte that belong to the next block */
  #boundary(end: number, unused: number): void {
    if (this.#sinceCheckpoint < this.#spanBytes) return;
    this.#sinceCheckpoint = 0;
    const window = this.#window.bytes();
    this.#events.checkpoint(unused === 0 ? { offset: end, bits: 0, window } : { offset: end - 1, bits: 8 - unused, window });
  }
}

/** The last 32 KiB of a stream. */
class Window {
  readonly #bytes = Buffer.alloc(WINDOW_BYTES);
  #length = 0;

  clear(): void {
    this.#length = 0;
  }

  push(bytes: Uint8Array): void {
    const added = bytes.subarray(Math.max(0, bytes.length - WINDOW_BYTES));
    const kept = Math.min(this.#length, WINDOW_BYTES - added.length);
    this.#bytes.copyWithin(0, this.#length - kept, this.#length);
    this.#bytes.set(added, kept);
    this.#length = kept + added.length;
  }

  bytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }
}
