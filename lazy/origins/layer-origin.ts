import { FusemeterError } from "../../errors.js";
import type { Chunk, Manifest } from "../manifest/index.js";
import { type Ranges, READS_AT_ONCE } from "../ranges/index.js";
import { Joined } from "./joined.js";
import type { Origin, OriginCounts } from "./origin.js";
import { PackChunks, type PackedChunk } from "./pack-chunks.js";
import { type UnpackedPack, unpackPack } from "./unpack-pack.js";
import { verified } from "./verify.js";

/**
 * The unpacked bytes that are kept for chunks that nobody has asked for yet. With the packs that are being fetched (`READS_AT_ONCE` of
 * `MOST_PACK_BYTES`, packed and unpacked) this bounds the memory of an origin: 576 MiB for the worst manifest, about 70 MiB for ours.
 */
const MOST_KEPT_BYTES = 64 * 2 ** 20;

/** A layer that can be read at random: a tar as it is, a tar.gz with checkpoints, or eStargz. Packs are fetched and unpacked whole. */
export class LayerOrigin implements Origin {
  readonly name: string;
  readonly isSequential = false;
  readonly concurrency = READS_AT_ONCE;
  readonly counts: OriginCounts;
  readonly #ranges: Ranges;
  readonly #manifest: Manifest;
  readonly #chunks: PackChunks;
  readonly #arriving = new Joined<number, UnpackedPack>((pack, signal) => this.#fetchPack(pack, signal));
  /** By their indices, the one used last at the end. */
  readonly #kept = new Map<number, UnpackedPack>();
  #keptBytes = 0;

  constructor(manifest: Manifest, ranges: Ranges) {
    this.name = ranges.name;
    this.counts = Object.assign(ranges.counts, { corrupt: 0 });
    this.#ranges = ranges;
    this.#manifest = manifest;
    this.#chunks = new PackChunks(manifest);
  }

  async fetch(chunk: Chunk, signal: AbortSignal): Promise<Uint8Array> {
    const packed = chunk as PackedChunk;
    const index = packed.place.pack;
    let last: UnpackedPack | null = null;
    return await verified(this.name, chunk, this.counts, async () => {
      // Asked for again: its content was wrong.
      if (last !== null && this.#kept.get(index) === last) this.#drop(index, last);
      last = await this.#packOf(index, signal);
      const bytes = last?.take(packed) ?? null;
      if (last?.isDone === true) this.#drop(index, last);
      return bytes;
    });
  }

  async close(): Promise<void> {
    await this.#ranges.close();
  }

  /** Null for a pack that can't be unpacked. */
  async #packOf(index: number, signal: AbortSignal): Promise<UnpackedPack | null> {
    try {
      return this.#kept.get(index) ?? (await this.#arriving.get(index, signal));
    } catch (error) {
      if (error instanceof FusemeterError && error.code === "BAD_LAYER") return null;
      throw error;
    }
  }

  async #fetchPack(index: number, signal: AbortSignal): Promise<UnpackedPack> {
    const pack = this.#manifest.packs[index]!;
    const packed = await this.#ranges.read("", pack.offset, pack.size, signal);
    const unpacked = await unpackPack(packed, pack, this.#chunks.in(index));
    this.#keep(index, unpacked);
    return unpacked;
  }

  #keep(index: number, pack: UnpackedPack): void {
    this.#kept.set(index, pack);
    this.#keptBytes += pack.bytes;
    for (const [oldest, old] of this.#kept) {
      if (this.#keptBytes <= MOST_KEPT_BYTES) return;
      this.#drop(oldest, old);
    }
  }

  #drop(index: number, pack: UnpackedPack): void {
    if (this.#kept.get(index) !== pack) return;
    this.#kept.delete(index);
    this.#keptBytes -= pack.bytes;
  }
}
