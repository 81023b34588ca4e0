import type { Ranges, TransferCounts } from "./ranges.js";
import { Slots } from "./slots.js";

/** Ranges of which a few at once are read; a stream takes none of their places. */
export class LimitedRanges implements Ranges {
  readonly name: string;
  readonly counts: TransferCounts;
  readonly #ranges: Ranges;
  readonly #slots: Slots;

  constructor(ranges: Ranges, atOnce: number) {
    this.name = ranges.name;
    this.counts = ranges.counts;
    this.#ranges = ranges;
    this.#slots = new Slots(atOnce);
  }

  async sizeOf(path: string, signal: AbortSignal): Promise<number> {
    return await this.#slots.run(signal, () => this.#ranges.sizeOf(path, signal));
  }

  async read(path: string, offset: number, length: number, signal: AbortSignal): Promise<Buffer> {
    return await this.#slots.run(signal, () => this.#ranges.read(path, offset, length, signal));
  }

  stream(path: string, offset: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    return this.#ranges.stream(path, offset, signal);
  }

  async close(): Promise<void> {
    await this.#ranges.close();
  }
}
