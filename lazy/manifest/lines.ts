import { createReadStream } from "node:fs";
import { badManifest } from "./bad-manifest.js";
import { MOST_LINE_BYTES, MOST_MANIFEST_BYTES } from "./limits.js";

/**
 * Reads a file line by line. Holds one line and one piece of the stream.
 *
 * @throws {FusemeterError} `BAD_MANIFEST` for a line or a file above its bound, or for bytes that are not UTF-8
 */
export async function* readLines(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let [total, rest] = [0, Buffer.alloc(0)];
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
    total += piece.length;
    if (total > MOST_MANIFEST_BYTES)
      throw badManifest(`the manifest ${file} is larger than ${MOST_MANIFEST_BYTES / 2 ** 20} MiB`);
    let begin = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, begin)) {
      yield decode(decoder, Buffer.concat([rest, piece.subarray(begin, end)]), file);
      [rest, begin] = [Buffer.alloc(0), end + 1];
    }
    rest = Buffer.concat([rest, piece.subarray(begin)]);
    if (rest.length > MOST_LINE_BYTES)
      throw badManifest(`a line of the manifest ${file} is longer than ${MOST_LINE_BYTES} bytes`);
  }
  if (rest.length > 0) throw badManifest(`the manifest ${file} ends in the middle of a line`);
}

function decode(decoder: { decode(bytes: Uint8Array): string }, bytes: Buffer, file: string): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw badManifest(`the manifest ${file} is not UTF-8`, null, cause);
  }
}
