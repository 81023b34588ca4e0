import type { Link } from "./link.js";
import type { Ranges, TransferCounts } from "./ranges.js";

/** Ranges as they would arrive over a link. */
export class EmulatedRanges implements Ranges {
  readonly name: string;
  readonly counts: TransferCounts;
  readonly #ranges: Ranges;
  readonly #link: Link;

  constructor(ranges: Ranges, link: Link) {
    this.name = ranges.name;
    this.counts = ranges.counts;
    this.#ranges = ranges;
    this.#link = link;
  }

  async sizeOf(path: string, signal: AbortSignal): Promise<number> {
    await this.#link.roundTrip(signal);
    return await this.#ranges.sizeOf(path, signal);
  }

  async read(path: string, offset: number, length: number, signal: AbortSignal): Promise<Buffer> {
    await this.#link.roundTrip(signal);
    const [bytes] = await Promise.all([this.#ranges.read(path, offset, length, signal), this.#link.carry(length, signal)]);
    return bytes;
  }

  async *stream(path: string, offset: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    await this.#link.roundTrip(signal);
    for await (const piece of this.#ranges.stream(path, offset, signal)) {
      await this.#link.carry(piece.length, signal);
      yield piece;
    }
  }

  async close(): Promise<void> {
    await this.#ranges.close();
  }
}
