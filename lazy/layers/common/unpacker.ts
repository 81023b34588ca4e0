/** Unpacks a stream that is pushed in pieces of any size. */
export interface Unpacker {
  /** @throws {FusemeterError} `BAD_LAYER` for bytes that are not of the format */
  push(piece: Uint8Array): void;
  /** The stream is over. @throws {FusemeterError} `BAD_LAYER` where it ends too early */
  end(): void;
}

/** The receiver of unpacked bytes. They are valid during the call alone. */
export type Unpacked = (bytes: Uint8Array) => void;
