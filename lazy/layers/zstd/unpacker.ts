import { Decompress } from "fzstd";
import { badLayer } from "../common/bad-layer.js";
import type { Unpacked, Unpacker } from "../common/unpacker.js";
import { type FramePart, ZstdFrames } from "./frames.js";

/**
 * Unpacks a zstd file as it arrives. Holds the frame's window, at most 128 MiB, and one block. Node 20 has no zstd of its own.
 *
 * Checksums of frames are not checked: every chunk has a digest.
 */
export class ZstdUnpacker implements Unpacker {
  readonly #unpacked: Unpacked;
  readonly #frames = new ZstdFrames();
  #decoder = new Decompress();

  constructor(unpacked: Unpacked) {
    this.#unpacked = unpacked;
  }

  push(piece: Uint8Array): void {
    for (const _ of this.steps(piece));
  }

  /** Unpacks a piece block by block: at most 128 KiB come out in a step. The piece must be gone through to its end. */
  *steps(piece: Uint8Array): Generator<void> {
    for (const part of this.#frames.parts(piece)) {
      this.#decode(part);
      yield;
    }
  }

  end(): void {
    this.#frames.end();
  }

  #decode(part: FramePart): void {
    try {
      if (part.kind === "frame") this.#decoder = new Decompress((bytes) => this.#pass(bytes));
      this.#decoder.push(part.bytes, part.kind === "block" && part.isLast);
    } catch (cause) {
      if (!(cause instanceof Error) || !("code" in cause) || typeof cause.code !== "number") throw cause;
      throw badLayer("the layer's zstd stream is broken", cause.message, cause);
    }
  }

  #pass(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#unpacked(bytes);
  }
}
