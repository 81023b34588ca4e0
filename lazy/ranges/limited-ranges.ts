import { originError } from "./errors.js";
import type { Ranges, TransferCounts } from "./ranges.js";
import { withEither } from "./signals.js";
import { Slots } from "./slots.js";

/** Ranges of which a few at once are read; a stream takes none of their places. Reads that are under way end with it. */
export class LimitedRanges implements Ranges {
  readonly name: string;
  readonly counts: TransferCounts;
  readonly #ranges: Ranges;
  readonly #slots: Slots;
  readonly #closing = new AbortController();

  constructor(ranges: Ranges, atOnce: number) {
    this.name = ranges.name;
    this.counts = ranges.counts;
    this.#ranges = ranges;
    this.#slots = new Slots(atOnce);
  }

  async sizeOf(path: string, signal: AbortSignal): Promise<number> {
    return await this.#run(signal, (either) => this.#ranges.sizeOf(path, either));
  }

  async read(path: string, offset: number, length: number, signal: AbortSignal): Promise<Buffer> {
    return await this.#run(signal, (either) => this.#ranges.read(path, offset, length, either));
  }

  stream(path: string, offset: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    return this.#ranges.stream(path, offset, signal);
  }

  async close(): Promise<void> {
    this.#closing.abort(originError("ORIGIN_UNAVAILABLE", `${this.name} is closed`, null));
    await this.#ranges.close();
  }

  /** Runs a read when it has a place. The end of the whole ends it too. */
  async #run<T>(signal: AbortSignal, read: (either: AbortSignal) => Promise<T>): Promise<T> {
    return await withEither(signal, this.#closing.signal, (either) => this.#slots.run(either, () => read(either)));
  }
}
