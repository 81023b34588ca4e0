/** The last bytes of a stream, up to a bound. */
export class History {
  readonly #mostBytes: number;
  readonly #pieces: { readonly begin: number; readonly bytes: Uint8Array }[] = [];
  #begin = 0;
  #end = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** The place in the stream of the first byte that is still held. */
  get begin(): number {
    return this.#begin;
  }

  /** The bytes of the stream that have passed. */
  get end(): number {
    return this.#end;
  }

  /** Adds a copy. */
  push(bytes: Uint8Array): void {
    this.#pieces.push({ begin: this.#end, bytes: Uint8Array.prototype.slice.call(bytes) });
    this.#end += bytes.length;
    while (this.#end - this.#begin > this.#mostBytes) {
      const { bytes: gone } = this.#pieces.shift()!;
      this.#begin += gone.length;
    }
  }

  /** A copy of a range that is held whole. */
  read(begin: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    // The last piece that begins at the range, or before it.
    let [low, high] = [0, this.#pieces.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#pieces[middle]!.begin <= begin) low = middle;
      else high = middle - 1;
    }
    for (let filled = 0; filled < length; low++) {
      const piece = this.#pieces[low]!;
      const from = begin + filled - piece.begin;
      const part = piece.bytes.subarray(from, from + length - filled);
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes;
  }
}
