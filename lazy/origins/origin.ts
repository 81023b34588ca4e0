import type { Chunk } from "../manifest/index.js";
import type { TransferCounts } from "../ranges/index.js";

/** The place that chunks come from. */
export interface Origin {
  /** A name for messages: a path or a URL, without its password. */
  readonly name: string;
  /** True for a stream that is unpacked as it arrives: ask for chunks in the order of their numbers, or it begins anew. */
  readonly isSequential: boolean;
  /** The number of fetches at once that is worth having. More than that wait inside. */
  readonly concurrency: number;
  /**
   * Fetches a chunk, unpacks it and checks its digest. Faults that may pass are tried again some times, with growing pauses; wrong
   * content is fetched again up to three times.
   *
   * @returns `chunk.size` bytes, which are the caller's own
   * @throws {FusemeterError} `ORIGIN_UNAVAILABLE`, `ORIGIN_REFUSED` or `ORIGIN_CORRUPT`; `mayTryAgain` tells them apart
   * @throws the signal's reason after an abort
   */
  fetch(chunk: Chunk, signal: AbortSignal): Promise<Uint8Array>;
  readonly counts: OriginCounts;
  /** Ends connections and open files. Fetches that are under way fail. */
  close(): Promise<void>;
}

/** Counts since the origin was opened. */
export interface OriginCounts extends TransferCounts {
  /** Packs and chunks whose content did not have its digest. */
  corrupt: number;
}
