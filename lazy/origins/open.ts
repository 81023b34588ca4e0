import { statSync } from "node:fs";
import { messageOf } from "../../errors.js";
import type { Manifest } from "../manifest/index.js";
import { isUrl, openRanges, type RangesOptions } from "../ranges/index.js";
import { LayerOrigin } from "./layer-origin.js";
import { badOrigin, isModule, loadOriginModule } from "./module-origin.js";
import type { Origin } from "./origin.js";
import { StreamOrigin } from "./stream-origin.js";
import { readsAtOnce, TreeOrigin } from "./tree-origin.js";

/**
 * Opens the place that a manifest's chunks come from.
 *
 * @param where the directory or the layer that the manifest was made of, or a copy of it: a path, an HTTP URL, or a JavaScript module
 * that exports `fetch(chunk, signal)`
 * @throws {FusemeterError} `BAD_ORIGIN` for a place that can't be that; a URL is asked at the first fetch
 */
export async function openOrigin(
  manifest: Manifest,
  where: string,
  options: Omit<RangesOptions, "atOnce"> = {},
): Promise<Origin> {
  if (!isUrl(where)) {
    const isDirectory = isDirectoryAt(where);
    if (!isDirectory && isModule(where)) return await loadOriginModule(where, options.link ?? null);
    if (isDirectory !== (manifest.kind === "directory")) throw wrongKind(where, isDirectory);
  }
  if (manifest.kind === "directory") {
    const atOnce = readsAtOnce(manifest);
    return new TreeOrigin(openRanges(where, { ...options, atOnce }), atOnce);
  }
  const ranges = openRanges(where, options);
  return manifest.kind === "tar.zst" ? new StreamOrigin(ranges) : new LayerOrigin(manifest, ranges);
}

function isDirectoryAt(where: string): boolean {
  try {
    return statSync(where).isDirectory();
  } catch (cause) {
    throw badOrigin(`the origin ${where} can't be used`, messageOf(cause), cause);
  }
}

function wrongKind(where: string, isDirectory: boolean) {
  const [ofManifest, ofOrigin] = isDirectory ? ["layer", "directory"] : ["directory", "file"];
  return badOrigin(`the origin ${where} can't be used`, `the manifest is of a ${ofManifest}, and this is a ${ofOrigin}`);
}
