import { statxOf } from "../../linux/libc/attributes.js";
import { Memory } from "../../linux/libc/memory.js";
import { modeOf, Statx } from "../../linux/libc/statx.js";
import type { Chunk, Entry, FileEntry, Manifest } from "../manifest/index.js";
import { setAttributes } from "./attributes.js";
import { damaged } from "./errors.js";
import { withEntry } from "./tree.js";

/** A file of the tree, as it is in the store. */
export interface StoredFile {
  readonly entry: FileEntry;
  readonly ino: bigint;
}

const statx = new Memory(Statx.bytes);

/** The type bits of `st_mode` by the type of an entry. */
const types: Readonly<Record<Exclude<Entry["type"], "hardlink">, number>> = {
  directory: 0o040000,
  file: 0o100000,
  symlink: 0o120000,
  fifo: 0o010000,
  whiteout: 0o020000,
};

/**
 * Looks at every entry of a tree and mends its attributes, which a power failure may have lost.
 *
 * @param root a descriptor of the tree's directory
 * @returns the files, in the manifest's order
 * @throws FusemeterError `STORE_DAMAGED` if an entry is missing, of another type or size, or is a link to a file of somebody else
 */
export function inspectTree(root: number, { entries }: Manifest): StoredFile[] {
  const links = linksOf(entries);
  const files: StoredFile[] = [];
  for (const entry of entries) {
    if (entry.type === "hardlink") continue;
    const part = `tree/${entry.path}`;
    try {
      withEntry(root, entry.path, (fd) => {
        statxOf(fd, statx.address);
        const { words } = statx;
        if ((modeOf(words) & 0o170000) !== types[entry.type]) throw damaged(part, `it is no ${entry.type}`);
        if (entry.type === "file") files.push(fileOf(entry, words, links.get(entry.path) ?? 1));
        setAttributes(fd, entry, entry.type === "symlink", false);
      });
    } catch (error) {
      throw error instanceof Error && error.name === "FusemeterError" ? error : damaged(part, String(error));
    }
  }
  return files;
}

function fileOf(entry: FileEntry, words: Uint32Array, links: number): StoredFile {
  const part = `tree/${entry.path}`;
  const size = words[Statx.size + 1]! * 2 ** 32 + words[Statx.size]!;
  if (size !== entry.size) throw damaged(part, `it has ${size} bytes, not ${entry.size}`);
  // Data for it must not be written into a file of somebody else.
  if (words[Statx.nlink] !== links) throw damaged(part, `it has ${words[Statx.nlink]} names, not ${links}`);
  return { entry, ino: (BigInt(words[Statx.ino + 1]!) << 32n) | BigInt(words[Statx.ino]!) };
}

/** The number of names of each file that has several. */
function linksOf(entries: readonly Entry[]): Map<string, number> {
  const links = new Map<string, number>();
  for (const entry of entries) if (entry.type === "hardlink") links.set(entry.target, (links.get(entry.target) ?? 1) + 1);
  return links;
}

/** The chunks of a file that a range touches, in their order. */
export function chunksIn({ chunks }: FileEntry, offset: number, sizeBytes: number): Chunk[] {
  const found: Chunk[] = [];
  for (let index = chunkAt(chunks, offset); index < chunks.length && chunks[index]!.offset < offset + sizeBytes; index++) {
    found.push(chunks[index]!);
  }
  return found;
}

/** The index of the first chunk that ends beyond an offset; the number of chunks if there is none. */
export function chunkAt(chunks: readonly Chunk[], offset: number): number {
  let [low, high] = [0, chunks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { offset: start, size } = chunks[middle]!;
    if (start + size > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
