import type { Chunk, Manifest } from "../manifest/index.js";
import { type Ranges, READS_AT_ONCE } from "../ranges/index.js";
import type { Origin, OriginCounts } from "./origin.js";
import { verified } from "./verify.js";

/** The reads at once of a tree of small files. */
const MOST_AT_ONCE = 32;
/** The bytes that `READS_AT_ONCE` is meant for. */
const USUAL_BYTES = 128 * 1024;

/** The reads at once that fill a link: a tree of small files needs more of them, since each file takes a round trip. */
export function readsAtOnce({ chunks }: Manifest): number {
  const bytes = chunks.reduce((sum, { size }) => sum + size, 0);
  const atOnce = Math.round((READS_AT_ONCE * USUAL_BYTES * chunks.length) / Math.max(1, bytes));
  return Math.min(MOST_AT_ONCE, Math.max(READS_AT_ONCE, atOnce));
}

/** A directory, or a tree of files on an HTTP server: a chunk is a range of the file of the same path. */
export class TreeOrigin implements Origin {
  readonly name: string;
  readonly isSequential = false;
  readonly concurrency: number;
  readonly counts: OriginCounts;
  readonly #ranges: Ranges;

  /** @param concurrency the reads at once that the ranges allow */
  constructor(ranges: Ranges, concurrency: number) {
    this.concurrency = concurrency;
    this.name = ranges.name;
    this.counts = Object.assign(ranges.counts, { corrupt: 0 });
    this.#ranges = ranges;
  }

  async fetch(chunk: Chunk, signal: AbortSignal): Promise<Uint8Array> {
    const { place, offset, size } = chunk;
    const path = place.kind === "file" ? place.path : "";
    return await verified(this.name, chunk, this.counts, () => this.#ranges.read(path, offset, size, signal));
  }

  async close(): Promise<void> {
    await this.#ranges.close();
  }
}
