import { checkPacks } from "./check-packs.js";
import { checkTree } from "./check-tree.js";
import type { Draft, DraftFile } from "./draft.js";
import type { Chunk, FileEntry, Manifest } from "./types.js";

/**
 * Checks a draft and numbers its chunks. Every manifest comes from here, so that none exists unchecked.
 *
 * @throws {FusemeterError} `BAD_MANIFEST`: one line that names the first fault
 */
export function assemble(draft: Draft): Manifest {
  checkTree(draft);
  const chunks: NumberedChunk[] = [];
  const entries = draft.entries.map((entry) => (entry.type === "file" ? withChunks(entry, chunks) : entry));
  // A stable sort: the chunks of a directory, which have no places, keep the order of its files.
  chunks.sort((a, b) => comparePlaces(a.place, b.place));
  chunks.forEach((chunk, number) => {
    chunk.number = number;
  });
  const { kind, packs, prefetch } = draft;
  checkPacks(packs, chunks, kind);
  return { kind, packs, entries, chunks, prefetch };
}

interface NumberedChunk extends Chunk {
  number: number;
}

function withChunks(file: DraftFile, all: NumberedChunk[]): FileEntry {
  let offset = 0;
  const chunks = file.chunks.map(({ size, sha256, place }) => {
    const chunk: NumberedChunk = { number: 0, offset, size, sha256, place: place ?? { kind: "file", path: file.path } };
    offset += size;
    all.push(chunk);
    return chunk;
  });
  return { ...file, chunks };
}

function comparePlaces(a: Chunk["place"], b: Chunk["place"]): number {
  if (a.kind === "file" || b.kind === "file") return 0;
  return a.pack - b.pack || a.at - b.at || a.skip - b.skip;
}
