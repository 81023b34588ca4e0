import type { Manifest } from "../manifest/index.js";
import { readTrace } from "./trace.js";

/** The numbers of the chunks that come before the rest: a recorded trace, then the files that the layer's author wants first. */
export function prefetchOrder(manifest: Manifest, traceFile: string | null): number[] {
  const wanted = new Set(manifest.prefetch);
  const numbers = new Map<string, readonly number[]>();
  for (const entry of manifest.entries) {
    if (entry.type === "file" && wanted.has(entry.path)) {
      numbers.set(
        entry.path,
        entry.chunks.map(({ number }) => number),
      );
    }
  }
  const landmarks = manifest.prefetch.flatMap((path) => numbers.get(path) ?? []);
  return [...(traceFile === null ? [] : readTrace(traceFile, manifest)), ...landmarks];
}
