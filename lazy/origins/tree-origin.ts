import type { Chunk } from "../manifest/index.js";
import { type Ranges, READS_AT_ONCE } from "../ranges/index.js";
import type { Origin, OriginCounts } from "./origin.js";
import { verified } from "./verify.js";

/** A directory, or a tree of files on an HTTP server: a chunk is a range of the file of the same path. */
export class TreeOrigin implements Origin {
  readonly name: string;
  readonly isSequential = false;
  readonly concurrency = READS_AT_ONCE;
  readonly counts: OriginCounts;
  readonly #ranges: Ranges;

  constructor(ranges: Ranges) {
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
