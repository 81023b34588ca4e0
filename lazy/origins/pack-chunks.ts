import type { Chunk, Manifest, PackPlace } from "../manifest/index.js";

export type PackedChunk = Chunk & { readonly place: PackPlace };

/** The chunks of each pack of a manifest. */
export class PackChunks {
  readonly #chunks: readonly Chunk[];
  /** The number of the first chunk of each pack, and of all chunks behind the last. */
  readonly #first: Uint32Array;

  constructor({ packs, chunks }: Manifest) {
    this.#chunks = chunks;
    this.#first = new Uint32Array(packs.length + 1).fill(chunks.length);
    // From the end on: chunks ascend with their packs.
    for (let number = chunks.length - 1; number >= 0; number--) {
      const { place } = chunks[number]!;
      if (place.kind === "pack") this.#first[place.pack] = number;
    }
    for (let pack = packs.length - 1; pack >= 0; pack--) {
      this.#first[pack] = Math.min(this.#first[pack]!, this.#first[pack + 1]!);
    }
  }

  /** In the order of their places. */
  in(pack: number): readonly PackedChunk[] {
    return this.#chunks.slice(this.#first[pack], this.#first[pack + 1]) as PackedChunk[];
  }
}

/** A part of a pack that is unpacked at once. */
export interface Run {
  /** The byte of the pack, as packed, at which it begins. */
  readonly at: number;
  /** The byte of the pack at which the next begins; the pack's end for the last. */
  readonly end: number;
  /** The bytes to unpack: to the end of the last chunk in it. */
  readonly unpackedSize: number;
}

/** The runs of a pack, in their order. @param size the pack's, as packed */
export function runsOf(chunks: readonly PackedChunk[], size: number): Run[] {
  const needs = new Map<number, number>();
  for (const { place, size: bytes } of chunks) needs.set(place.at, Math.max(needs.get(place.at) ?? 0, place.skip + bytes));
  const starts = [...needs.keys()];
  return starts.map((at, i) => ({ at, end: starts[i + 1] ?? size, unpackedSize: needs.get(at)! }));
}
