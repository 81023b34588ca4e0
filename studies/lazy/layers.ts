import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manifestOfSource } from "../../lazy/layers/index.js";
import { type Chunk, linesOf, type Manifest } from "../../lazy/manifest/index.js";
import { openOrigin } from "../../lazy/origins/index.js";
import { seededRandom } from "../../workloads/index.js";

/** The figures of one kind of layer. */
export interface LayerFigures {
  readonly kind: string;
  readonly layerBytes: number;
  readonly manifestBytes: number;
  readonly chunks: number;
  readonly packs: number;
  /** Requests and bytes of chunks that were drawn at random; null for a stream. */
  readonly drawn: { readonly chunks: number; readonly requests: number; readonly bytes: number } | null;
  /** Requests and bytes of all chunks in their order, and the rate as a ratio to the first kind's. */
  readonly all: { readonly requests: number; readonly bytes: number; readonly rateToFirst: number };
}

/** Programs that make a layer of a tar archive, from standard input to standard output. */
const programs: Readonly<Record<string, string>> = { tar: "cat", gzip: "gzip -c", zstd: "zstd -qc" };

/** Makes a layer of each kind of a tree, and reads it: some chunks at random, then all in their order. */
export async function readLayers(tree: string, draws: number, seed: number): Promise<LayerFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), "fusemeter-layers-"));
  try {
    const archive = join(folder, "tar");
    execFileSync("tar", ["-C", tree, "-cf", archive, "."]);
    const figures: LayerFigures[] = [];
    let firstRate: number | null = null;
    for (const [kind, program] of Object.entries(programs)) {
      const layer = join(folder, `layer.${kind}`);
      execFileSync("sh", ["-c", `${program} < "$1" > "$2"`, "sh", archive, layer]);
      const manifest = await manifestOfSource(layer, { chunkBytes: 128 * 1024, spanBytes: 2 ** 20, tocDigest: null });
      const text = join(folder, "manifest");
      writeFileSync(text, [...linesOf(manifest)].join(""));
      const drawn = manifest.kind === "tar.zst" ? null : await fetch(manifest, layer, draw(manifest, draws, seed), 1);
      const all = await fetch(manifest, layer, manifest.chunks, 16);
      firstRate ??= all.rate;
      figures.push({
        kind,
        layerBytes: statSync(layer).size,
        manifestBytes: statSync(text).size,
        chunks: manifest.chunks.length,
        packs: manifest.packs.length,
        drawn: drawn && { chunks: draws, requests: drawn.requests, bytes: drawn.bytes },
        all: { requests: all.requests, bytes: all.bytes, rateToFirst: all.rate / firstRate },
      });
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function draw({ chunks }: Manifest, count: number, seed: number): Chunk[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => chunks[Math.floor(random() * chunks.length)]!);
}

/** Fetches chunks from a fresh origin, some at once. */
async function fetch(manifest: Manifest, layer: string, chunks: readonly Chunk[], atOnce: number) {
  const origin = await openOrigin(manifest, layer);
  const left = chunks.values();
  const never = new AbortController().signal;
  const begin = performance.now();
  let content = 0;
  const reader = async () => {
    for (const chunk of left) content += (await origin.fetch(chunk, never)).length;
  };
  await Promise.all(Array.from({ length: atOnce }, reader));
  const rate = content / (performance.now() - begin);
  await origin.close();
  return { requests: origin.counts.requests, bytes: origin.counts.bytes, rate };
}
