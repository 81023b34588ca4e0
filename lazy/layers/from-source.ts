import { statSync } from "node:fs";
import { FusemeterError, messageOf } from "../../errors.js";
import { type Manifest, manifestOfDirectory } from "../manifest/index.js";
import { isUrl, openRanges } from "../ranges/index.js";
import { type LayerOptions, manifestOfLayer } from "./from-layer.js";

/**
 * The manifest of a directory, or of a layer by its path or URL.
 *
 * @throws {FusemeterError} one line that names the first fault
 */
export async function manifestOfSource(source: string, options: LayerOptions): Promise<Manifest> {
  if (!isUrl(source) && isDirectory(source)) {
    if (options.tocDigest === null) return manifestOfDirectory(source, options.chunkBytes);
    const problem = `the directory ${source} has no table of contents`;
    throw new FusemeterError({ code: "BAD_OPTION", fault: "use", problem, remedy: "leave out --toc-digest" });
  }
  const ranges = openRanges(source);
  try {
    return await manifestOfLayer(ranges, options, new AbortController().signal);
  } finally {
    await ranges.close();
  }
}

function isDirectory(source: string): boolean {
  try {
    return statSync(source).isDirectory();
  } catch (cause) {
    const problem = `the source ${source} can't be read`;
    throw new FusemeterError({ code: "SOURCE_NOT_READ", fault: "use", problem, reason: messageOf(cause), cause });
  }
}
