import type { Affinity } from "../../linux/proc/affinity.js";

/**
 * A large READ not far behind the end of the one before it belongs to a stream. Its reader goes on while the next piece is fetched:
 * with another core to copy on, both copy at once. Not far: the reader may have changed cores, and another thread served some READs.
 */
export const STREAM_BYTES = 64 << 10;
const NOT_FAR_BYTES = 4 << 20;

/** So many READs of the other kind in a row unpin the thread, or pin it again. */
export const IN_A_ROW = 16;

/** Pins a ring's thread to its core, and lets it leave the core while it serves a stream. */
export class StreamAffinity {
  readonly #affinity: Affinity;
  #isUnpinned = false;
  /** READs in a row that ask for the other placement. */
  #otherReads = 0;
  /** The READ before: its file, and the low word of its end. */
  #lastFile = 0;
  #lastEnd = 0;

  constructor(affinity: Affinity) {
    this.#affinity = affinity;
  }

  pin(): void {
    this.#isUnpinned = false;
    this.#otherReads = 0;
    this.#affinity.pin();
  }

  unpin(): void {
    this.#affinity.unpin();
  }

  /** Notes a READ, on the path of each: no allocation. @param offset its low word */
  noteRead(file: number, offset: number, sizeBytes: number): void {
    const ahead = (offset - this.#lastEnd) | 0;
    const streams = sizeBytes >= STREAM_BYTES && file === this.#lastFile && ahead >= 0 && ahead < NOT_FAR_BYTES;
    this.#lastFile = file;
    this.#lastEnd = (offset + sizeBytes) | 0;
    if (streams === this.#isUnpinned) this.#otherReads = 0;
    else if (++this.#otherReads === IN_A_ROW) {
      this.#otherReads = 0;
      this.#isUnpinned = streams;
      if (streams) this.#affinity.unpin();
      else this.#affinity.pin();
    }
  }
}
