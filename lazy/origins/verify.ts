import { createHash } from "node:crypto";
import type { Chunk } from "../manifest/index.js";
import { originError } from "../ranges/index.js";
import type { OriginCounts } from "./origin.js";

/** The fetches of a chunk in all, where its content is wrong each time. */
const ATTEMPTS = 4;

/** True where bytes are a chunk's: of its size and its digest. */
export function isChunk(bytes: Uint8Array, { size, sha256 }: Chunk): boolean {
  return bytes.length === size && createHash("sha256").update(bytes).digest("hex") === sha256;
}

/**
 * Fetches a chunk until its content is right, some times.
 *
 * @param attempt fetches the bytes; null where they can't be unpacked. `bad` is called with each that are not the chunk's
 * @throws {FusemeterError} `ORIGIN_CORRUPT` after the last attempt, and the errors of an attempt
 */
export async function verified(
  name: string,
  chunk: Chunk,
  counts: OriginCounts,
  attempt: () => Promise<Uint8Array | null>,
): Promise<Uint8Array> {
  for (let tried = 0; tried < ATTEMPTS; tried++) {
    const bytes = await attempt();
    if (bytes !== null && isChunk(bytes, chunk)) return bytes;
    counts.corrupt++;
  }
  throw corrupt(name, chunk, ATTEMPTS);
}

/** @param times the fetches that gave wrong content */
export function corrupt(name: string, { sha256, size }: Chunk, times = ATTEMPTS) {
  const problem = `a chunk of ${size} bytes from ${name} is not the one of the manifest`;
  return originError("ORIGIN_CORRUPT", problem, `its SHA-256 should be ${sha256}; it was fetched ${times} times`);
}
