import { closeSync, constants, fstatSync, openSync, readdirSync, readlinkSync, readSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { assemble } from "./assemble.js";
import { badManifest, quoted } from "./bad-manifest.js";
import { Chunker } from "./chunker.js";
import type { DraftChunk, DraftEntry } from "./draft.js";
import { attributesOf, notRead, statOf } from "./file-attributes.js";
import { MOST_ENTRIES } from "./limits.js";
import type { Attributes, Manifest } from "./types.js";

/**
 * The manifest of a directory: reads all of its content once. Hard links within the tree stay links; sockets and devices are refused,
 * but for the whiteouts of overlayfs.
 *
 * @throws {FusemeterError} `BAD_MANIFEST` for a tree that a manifest can't describe, `SOURCE_NOT_READ` where it can't be read
 */
export function manifestOfDirectory(directory: string, chunkBytes: number): Manifest {
  const walk = new Walk(resolve(directory), chunkBytes);
  walk.add("");
  return assemble({ kind: "directory", packs: [], entries: walk.entries, prefetch: [] });
}

class Walk {
  readonly entries: DraftEntry[] = [];
  readonly #directory: string;
  readonly #chunkBytes: number;
  readonly #buffer: Buffer;
  /** The first path of each file that has several, by device and inode. */
  readonly #links = new Map<string, string>();

  constructor(directory: string, chunkBytes: number) {
    this.#directory = directory;
    this.#chunkBytes = chunkBytes;
    this.#buffer = Buffer.alloc(chunkBytes);
  }

  /** Adds an entry and all that lies in it. The depth is bounded by PATH_MAX. */
  add(path: string): void {
    if (this.entries.length > MOST_ENTRIES) throw badManifest(`the tree has more than ${MOST_ENTRIES} entries`);
    const file = path === "" ? this.#directory : join(this.#directory, path);
    const stat = statOf(file);
    const attributes = () => attributesOf(file, path, stat);
    if (stat.isDirectory()) {
      this.entries.push({ type: "directory", ...attributes() });
      for (const name of namesIn(file)) this.add(path === "" ? name : `${path}/${name}`);
    } else if (stat.isFile()) {
      const id = `${stat.dev}:${stat.ino}`;
      const target = this.#links.get(id);
      if (target !== undefined) {
        this.entries.push({ type: "hardlink", path, target });
        return;
      }
      if (stat.nlink > 1n) this.#links.set(id, path);
      this.entries.push(this.#fileOf(file, attributes(), stat));
    } else if (stat.isSymbolicLink()) {
      this.entries.push({ type: "symlink", ...attributes(), target: linkOf(file) });
    } else if (stat.isFIFO()) {
      this.entries.push({ type: "fifo", ...attributes() });
    } else if (stat.isCharacterDevice() && stat.rdev === 0n) {
      this.entries.push({ type: "whiteout", ...attributes() });
    } else {
      throw badManifest(`${quoted(path)} can't be in a manifest`, stat.isSocket() ? "it is a socket" : "it is a device");
    }
  }

  #fileOf(file: string, attributes: Attributes, stat: ReturnType<typeof statOf>): DraftEntry {
    const chunks: DraftChunk[] = [];
    const chunker = new Chunker(this.#chunkBytes, (chunk) => chunks.push({ ...chunk, place: null }));
    let size = 0;
    let fd: number | null = null;
    try {
      fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
      for (let length = -1; length !== 0; size += length) {
        length = readSync(fd, this.#buffer);
        chunker.push(this.#buffer.subarray(0, length));
      }
      chunker.cut();
      const after = fstatSync(fd, { bigint: true });
      const isSame = after.ino === stat.ino && after.mtimeNs === stat.mtimeNs && after.size === BigInt(size);
      if (!isSame) throw new Error("it changed while it was read");
    } catch (cause) {
      throw notRead(file, cause);
    } finally {
      if (fd !== null) closeSync(fd);
    }
    return { type: "file", ...attributes, size, chunks };
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The names in a directory in the order of their bytes, so that the same tree gives the same manifest. */
function namesIn(directory: string): string[] {
  let names: Buffer[];
  try {
    names = readdirSync(directory, { encoding: "buffer" });
  } catch (cause) {
    throw notRead(directory, cause);
  }
  return names.sort(Buffer.compare).map((name) => {
    try {
      return utf8.decode(name);
    } catch (cause) {
      throw badManifest(`a name in ${quoted(directory)} is not UTF-8`, quoted(name.toString("latin1")), cause);
    }
  });
}

function linkOf(file: string): string {
  try {
    return utf8.decode(readlinkSync(file, { encoding: "buffer" }));
  } catch (cause) {
    throw notRead(file, cause);
  }
}

function resolve(directory: string): string {
  try {
    return realpathSync(directory);
  } catch (cause) {
    throw notRead(directory, cause);
  }
}
