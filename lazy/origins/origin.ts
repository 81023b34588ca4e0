import { FusemeterError } from "../../errors.js";
import type { Chunk } from "../manifest/index.js";

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
   * content is fetched again once.
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
export interface OriginCounts {
  /** Requests sent, or ranges read; retries among them. */
  requests: number;
  /** Bytes that arrived, as packed. */
  bytes: number;
  /** Requests that were sent again after a fault. */
  retries: number;
  /** Packs and chunks whose content did not have its digest. */
  corrupt: number;
}

/** The codes of an origin's errors. */
export type OriginCode =
  /** No answer, a broken connection, 5xx, or too slow: the same fetch may succeed later. */
  | "ORIGIN_UNAVAILABLE"
  /** The origin has no such thing, gives no access to it, or can't serve ranges. */
  | "ORIGIN_REFUSED"
  /** The content has another digest, also when it was fetched again. */
  | "ORIGIN_CORRUPT";

/** True where a later fetch of the same chunk may succeed: try again after a pause. False: a reader gets EIO. */
export function mayTryAgain(error: unknown): boolean {
  return error instanceof FusemeterError && error.code === ("ORIGIN_UNAVAILABLE" satisfies OriginCode);
}
