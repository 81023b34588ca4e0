import { type LayerOptions, manifestOfLayer } from "../../../lazy/layers/index.js";
import type { Manifest } from "../../../lazy/manifest/index.js";
import { openRanges } from "../../../lazy/ranges/index.js";

const options: LayerOptions = { chunkBytes: 64 * 1024, spanBytes: 256 * 1024, tocDigest: null };

/** The manifest of a layer's file or URL. */
export async function manifestOf(where: string, more: Partial<LayerOptions> = {}): Promise<Manifest> {
  const ranges = openRanges(where);
  try {
    return await manifestOfLayer(ranges, { ...options, ...more }, new AbortController().signal);
  } finally {
    await ranges.close();
  }
}
