/** Reads ranges of files: of a layer, or of the files of a tree. Each way to do so is an implementation of this. */
export interface Ranges {
  /** A path or a URL for messages, without a password. */
  readonly name: string;
  readonly counts: TransferCounts;
  /**
   * The size of a file in bytes.
   *
   * @param path relative to the place that was opened; "" is that place itself
   * @throws {FusemeterError} `ORIGIN_UNAVAILABLE` or `ORIGIN_REFUSED`
   */
  sizeOf(path: string, signal: AbortSignal): Promise<number>;
  /**
   * Reads a range whole. Holds no more than `length` bytes and one piece of the transport.
   *
   * @returns exactly `length` bytes
   * @throws {FusemeterError} `ORIGIN_UNAVAILABLE` or `ORIGIN_REFUSED`
   * @throws the signal's reason after an abort
   */
  read(path: string, offset: number, length: number, signal: AbortSignal): Promise<Buffer>;
  /** Reads from an offset to the end, piece by piece. Holds one piece; a slow consumer holds the sender back. Errors as `read`. */
  stream(path: string, offset: number, signal: AbortSignal): AsyncGenerator<Buffer>;
  close(): Promise<void>;
}

/** Counts since the place was opened. */
export interface TransferCounts {
  /** Requests sent, or ranges read; retries among them. */
  requests: number;
  /** Bytes of content that arrived. */
  bytes: number;
  /** Requests that were sent again after a fault. */
  retries: number;
}

export function noTransfers(): TransferCounts {
  return { requests: 0, bytes: 0, retries: 0 };
}
