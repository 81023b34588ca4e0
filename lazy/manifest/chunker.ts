import { createHash } from "node:crypto";

/** A chunk that ended: its size in bytes and its digest. */
export interface HashedChunk {
  readonly size: number;
  readonly sha256: string;
}

/** Cuts the bytes of a file into chunks and digests them, while they pass. */
export class Chunker {
  readonly #chunkBytes: number;
  readonly #done: (chunk: HashedChunk) => void;
  #hash = createHash("sha256");
  #size = 0;

  /** @param done called with each chunk as it ends */
  constructor(chunkBytes: number, done: (chunk: HashedChunk) => void) {
    this.#chunkBytes = chunkBytes;
    this.#done = done;
  }

  push(bytes: Uint8Array): void {
    for (let begin = 0; begin < bytes.length; ) {
      const piece = bytes.subarray(begin, begin + this.#chunkBytes - this.#size);
      this.#hash.update(piece);
      this.#size += piece.length;
      begin += piece.length;
      if (this.#size === this.#chunkBytes) this.cut();
    }
  }

  /** Ends the chunk that has begun, if one has. */
  cut(): void {
    if (this.#size === 0) return;
    this.#done({ size: this.#size, sha256: this.#hash.digest("hex") });
    this.#hash = createHash("sha256");
    this.#size = 0;
  }
}
