import { deflateRawSync } from "node:zlib";
import type { Pack, PackPlace } from "../manifest/index.js";
import type { Checkpoint } from "./gzip/scanner.js";

/** Assigns chunks to packs, in the order of the layer. */
export interface Packs {
  /**
   * The place of a chunk.
   *
   * @param begin its first byte in the unpacked layer
   */
  place(begin: number, size: number): PackPlace;
  /** The packs, after the last chunk. @param size the bytes of the layer, @param unpackedSize of the unpacked one */
  finish(size: number, unpackedSize: number): Pack[];
}

/** Ranges of a layer that is not compressed: small neighbours share one, so that one request fetches them all. */
export class PlainPacks implements Packs {
  readonly #mostBytes: number;
  readonly #ranges: { begin: number; end: number }[] = [];

  /** @param mostBytes the size that a pack of several chunks has at the most */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  place(begin: number, size: number): PackPlace {
    const last = this.#ranges.at(-1);
    if (last !== undefined && begin + size - last.begin <= this.#mostBytes) last.end = begin + size;
    else this.#ranges.push({ begin, end: begin + size });
    return { kind: "pack", pack: this.#ranges.length - 1, at: begin - this.#ranges.at(-1)!.begin, skip: 0 };
  }

  finish(): Pack[] {
    const packing = { kind: "none" } as const;
    return this.#ranges.map(({ begin, end }) => ({ offset: begin, size: end - begin, unpackedSize: end - begin, packing }));
  }
}

/** The spans between the checkpoints of a gzip file. */
export class CheckpointPacks implements Packs {
  readonly #packs: Pack[] = [];
  #open: { readonly place: Checkpoint; readonly unpackedBegin: number; isUsed: boolean } | null = null;

  /** Begins a span. @param unpackedAt the unpacked bytes before it */
  checkpoint(place: Checkpoint, unpackedAt: number): void {
    // A block that begins in the middle of a byte shares it with the one before.
    this.#close(place.bits === 0 ? place.offset : place.offset + 1, unpackedAt);
    this.#open = { place, unpackedBegin: unpackedAt, isUsed: false };
  }

  /** A member's blocks are over. */
  memberEnd(offset: number, unpackedAt: number): void {
    this.#close(offset, unpackedAt);
  }

  place(begin: number): PackPlace {
    const open = this.#open!;
    open.isUsed = true;
    return { kind: "pack", pack: this.#packs.length, at: 0, skip: begin - open.unpackedBegin };
  }

  finish(): Pack[] {
    return this.#packs;
  }

  /** A span without content, between files, is no pack. */
  #close(end: number, unpackedEnd: number): void {
    const open = this.#open;
    this.#open = null;
    if (open === null || !open.isUsed) return;
    const { place, unpackedBegin } = open;
    const window = deflateRawSync(place.window).toString("base64");
    this.#packs.push({
      offset: place.offset,
      size: end - place.offset,
      unpackedSize: unpackedEnd - unpackedBegin,
      packing: { kind: "deflate", bits: place.bits, window },
    });
  }
}

/** The one stream of a zstd file. */
export class StreamPack implements Packs {
  #isUsed = false;

  place(begin: number): PackPlace {
    this.#isUsed = true;
    return { kind: "pack", pack: 0, at: 0, skip: begin };
  }

  finish(size: number, unpackedSize: number): Pack[] {
    return this.#isUsed ? [{ offset: 0, size, unpackedSize, packing: { kind: "zstd" } }] : [];
  }
}
