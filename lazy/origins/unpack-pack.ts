import { unpackDeflate, unpackGzip } from "../layers/index.js";
import type { Pack } from "../manifest/index.js";
import type { PackedChunk } from "./pack-chunks.js";
import { runsOf } from "./pack-chunks.js";

/** A pack's bytes, unpacked. Its chunks are cut from them. */
export class UnpackedPack {
  /** By the byte of the pack at which unpacking began. */
  readonly #runs: ReadonlyMap<number, Uint8Array>;
  readonly bytes: number;
  /** The numbers of the chunks that nobody has had yet. */
  readonly #left: Set<number>;

  constructor(runs: ReadonlyMap<number, Uint8Array>, chunks: readonly PackedChunk[]) {
    this.#runs = runs;
    this.bytes = [...runs.values()].reduce((sum, { length }) => sum + length, 0);
    this.#left = new Set(chunks.map(({ number }) => number));
  }

  /** A copy of a chunk's bytes; fewer where the pack is too short. */
  take({ number, place: { at, skip }, size }: PackedChunk): Uint8Array {
    this.#left.delete(number);
    return Uint8Array.prototype.slice.call(this.#runs.get(at), skip, skip + size);
  }

  /** True when every chunk has been taken once. */
  get isDone(): boolean {
    return this.#left.size === 0;
  }
}

/**
 * Unpacks all that the chunks of a pack need. Holds at most `pack.unpackedSize`.
 *
 * @throws {FusemeterError} `BAD_LAYER`
 */
export async function unpackPack(packed: Buffer, pack: Pack, chunks: readonly PackedChunk[]): Promise<UnpackedPack> {
  const { packing } = pack;
  const runs = new Map<number, Uint8Array>();
  if (packing.kind === "none") {
    for (const { place, size } of chunks) runs.set(place.at, packed.subarray(place.at, place.at + size));
  } else {
    for (const { at, end, unpackedSize } of runsOf(chunks, pack.size)) {
      const part = packed.subarray(at, end);
      const unpacked = packing.kind === "deflate" ? unpackDeflate(part, packing, unpackedSize) : unpackGzip(part, unpackedSize);
      runs.set(at, await unpacked);
    }
  }
  return new UnpackedPack(runs, chunks);
}
