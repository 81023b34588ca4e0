import { setImmediate as nextTurn } from "node:timers/promises";
import { FusemeterError } from "../../errors.js";
import { ZstdUnpacker } from "../layers/index.js";
import { type Chunk, MOST_CHUNK_BYTES } from "../manifest/index.js";
import { onAbort, originError, type Ranges } from "../ranges/index.js";
import { History } from "./history.js";
import type { Origin, OriginCounts } from "./origin.js";
import type { PackedChunk } from "./pack-chunks.js";
import { corrupt, isChunk } from "./verify.js";

/** The unpacked bytes behind the place of the stream. Small chunks that pass together can still be asked for one after another. */
const HISTORY_BYTES = 2 * MOST_CHUNK_BYTES;
/** The bytes that are unpacked before somebody is served: a packed byte may be tens of thousands of bytes. */
const STEP_BYTES = 128 * 1024;
/** The time after which other work has its turn. */
const TURN_MS = 5;
const ATTEMPTS = 4;

interface Wanted {
  readonly chunk: PackedChunk;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A layer that can be unpacked from its beginning alone: a tar.zst. It is unpacked as it arrives, for as long as somebody waits for a
 * chunk further on, and pauses otherwise. A chunk that lies behind it begins the stream anew. Holds 32 MiB, the window of zstd (at most
 * 128 MiB), and the output of one step.
 */
export class StreamOrigin implements Origin {
  readonly name: string;
  readonly isSequential = true;
  /** Enough to have the next chunks in time; they arrive one after another. */
  readonly concurrency = 64;
  readonly counts: OriginCounts;
  readonly #ranges: Ranges;
  readonly #wanted = new Set<Wanted>();
  readonly #closing = new AbortController();
  #stream: Stream;
  #isRunning = false;
  /** The streams in a row that brought wrong content. */
  #faults = 0;

  constructor(ranges: Ranges) {
    this.name = ranges.name;
    this.counts = Object.assign(ranges.counts, { corrupt: 0 });
    this.#ranges = ranges;
    this.#stream = this.#begin();
  }

  fetch(chunk: Chunk, signal: AbortSignal): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const stay = onAbort(signal, () => {
        this.#wanted.delete(wanted);
        reject(signal.reason);
      });
      const wanted: Wanted = {
        chunk: chunk as PackedChunk,
        resolve: (bytes) => {
          stay();
          resolve(bytes);
        },
        reject: (error) => {
          stay();
          reject(error);
        },
      };
      this.#wanted.add(wanted);
      void this.#run();
    });
  }

  async close(): Promise<void> {
    this.#closing.abort(originError("ORIGIN_UNAVAILABLE", `${this.name} is closed`, null));
    this.#failAll(this.#closing.signal.reason);
    await this.#stream.end();
    await this.#ranges.close();
  }

  #begin(): Stream {
    return new Stream(this.#ranges.stream("", 0, this.#closing.signal));
  }

  /** Unpacks for as long as somebody waits. */
  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      // Requests of the same turn come in first.
      await nextTurn();
      for (this.#serve(); this.#wanted.size > 0; this.#serve()) {
        if (this.#isBehind()) await this.#restart();
        else if (!(await this.#stream.advance())) await this.#endedEarly();
      }
    } catch (error) {
      await this.#failed(error);
    } finally {
      this.#isRunning = false;
      if (this.#wanted.size > 0) void this.#run();
    }
  }

  /** Gives each the chunk that it waits for, as far as the stream has come. */
  #serve(): void {
    const { history } = this.#stream;
    for (const wanted of this.#wanted) {
      const { place, size } = wanted.chunk;
      if (place.skip < history.begin || place.skip + size > history.end) continue;
      const bytes = history.read(place.skip, size);
      if (!isChunk(bytes, wanted.chunk)) throw corrupt(this.name, wanted.chunk);
      this.#faults = 0;
      this.#wanted.delete(wanted);
      wanted.resolve(bytes);
    }
  }

  #isBehind(): boolean {
    return [...this.#wanted].some(({ chunk }) => chunk.place.skip < this.#stream.history.begin);
  }

  async #restart(): Promise<void> {
    await this.#stream.end();
    this.#stream = this.#begin();
  }

  async #endedEarly(): Promise<void> {
    const [first] = this.#wanted;
    if (first !== undefined) throw corrupt(this.name, first.chunk);
  }

  /** Wrong content is fetched again some times, from the beginning; any other fault ends all that wait. */
  async #failed(error: unknown): Promise<void> {
    await this.#restart();
    const code = error instanceof FusemeterError ? error.code : null;
    const isWrong = code === "ORIGIN_CORRUPT" || code === "BAD_LAYER";
    if (isWrong) this.counts.corrupt++;
    if (isWrong && ++this.#faults < ATTEMPTS) return;
    this.#faults = 0;
    const [first] = this.#wanted;
    this.#failAll(isWrong && first !== undefined ? corrupt(this.name, first.chunk) : error);
  }

  #failAll(error: unknown): void {
    for (const { reject } of this.#wanted) reject(error);
    this.#wanted.clear();
  }
}

/** One passage through the layer. */
class Stream {
  readonly history = new History(HISTORY_BYTES);
  readonly #pieces: AsyncGenerator<Buffer>;
  readonly #unpacker = new ZstdUnpacker((bytes) => this.history.push(bytes));
  #steps: Generator<void> = this.#unpacker.steps(Buffer.alloc(0));
  #turnBegan = performance.now();

  constructor(pieces: AsyncGenerator<Buffer>) {
    this.#pieces = pieces;
  }

  /** Unpacks some more; false at the end of the layer. */
  async advance(): Promise<boolean> {
    const enough = this.history.end + STEP_BYTES;
    while (this.history.end < enough) {
      if (this.#steps.next().done !== true) continue;
      const next = await this.#pieces.next();
      if (next.done === true) return this.history.end + STEP_BYTES > enough;
      this.#steps = this.#unpacker.steps(next.value);
    }
    if (performance.now() - this.#turnBegan > TURN_MS) {
      await nextTurn();
      this.#turnBegan = performance.now();
    }
    return true;
  }

  async end(): Promise<void> {
    await this.#pieces.return(undefined).catch(() => {});
  }
}
