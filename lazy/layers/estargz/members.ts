import { MOST_PACK_BYTES, type Pack, type PackPlace } from "../../manifest/index.js";
import { badLayer } from "../common/bad-layer.js";
import type { TocEntry } from "./toc.js";

/** A content of a member. Unpacking begins at `offset`; the content is `innerOffset` unpacked bytes further. */
interface Content {
  readonly offset: number;
  readonly innerOffset: number;
  readonly size: number;
}

/** The members of an eStargz layer that hold content, gathered into packs: neighbours that are small are fetched together. */
export class Members {
  readonly packs: Pack[] = [];
  /** The pack of each member, by its offset in the layer. */
  readonly #packOf = new Map<number, number>();

  /**
   * @param end the byte behind the last member: the table of contents
   * @param mostBytes the packed size that a pack of several members has at the most
   */
  constructor(contents: readonly Content[], end: number, mostBytes: number) {
    const needs = new Map<number, number>();
    for (const { offset, innerOffset, size } of contents) {
      needs.set(offset, Math.max(needs.get(offset) ?? 0, innerOffset + size));
    }
    const offsets = [...needs.keys()].sort((a, b) => a - b);
    for (const [i, offset] of offsets.entries()) {
      // A content ends where the next member with one begins. Headers of tar lie between them.
      const memberEnd = offsets[i + 1] ?? end;
      if (memberEnd > end || memberEnd <= offset) throw badLayer(`a content lies behind the end of the layer, at byte ${offset}`);
      this.#add(offset, memberEnd - offset, needs.get(offset)!, mostBytes);
    }
  }

  placeOf({ offset, innerOffset }: TocEntry): PackPlace {
    const pack = this.#packOf.get(offset)!;
    return { kind: "pack", pack, at: offset - this.packs[pack]!.offset, skip: innerOffset };
  }

  #add(offset: number, size: number, unpackedSize: number, mostBytes: number): void {
    if (size > MOST_PACK_BYTES || unpackedSize > MOST_PACK_BYTES) {
      throw badLayer(`a chunk of the layer has ${size} bytes, unpacked ${unpackedSize}`, `the most is ${MOST_PACK_BYTES}`);
    }
    const last = this.packs.at(-1);
    const isJoined = last !== undefined && last.size + size <= mostBytes && last.unpackedSize + unpackedSize <= MOST_PACK_BYTES;
    if (isJoined) {
      this.packs[this.packs.length - 1] = { ...last, size: last.size + size, unpackedSize: last.unpackedSize + unpackedSize };
    } else {
      this.packs.push({ offset, size, unpackedSize, packing: { kind: "gzip" } });
    }
    this.#packOf.set(offset, this.packs.length - 1);
  }
}
