import { Chunker, type Draft, type DraftChunk, MOST_CHUNKS, quoted, type SourceKind } from "../manifest/index.js";
import { badLayer } from "./common/bad-layer.js";
import { LayerTree, treePath } from "./common/tree.js";
import type { Unpacked } from "./common/unpacker.js";
import type { Packs } from "./packs.js";
import type { TarEntry } from "./tar/entry.js";
import { TarReader, type TarVisitor } from "./tar/reader.js";

/** Makes a manifest's draft of the unpacked bytes of a layer, while they pass. */
export class Collector implements TarVisitor {
  readonly #kind: SourceKind;
  readonly #packs: Packs;
  readonly #tree = new LayerTree();
  readonly #reader = new TarReader(this);
  readonly #chunker: Chunker;
  #chunks: DraftChunk[] = [];
  #chunkCount = 0;
  /** The first byte of the next chunk, in the unpacked layer. */
  #chunkBegin = -1;
  #unpackedSize = 0;

  constructor(kind: SourceKind, packs: Packs, chunkBytes: number) {
    this.#kind = kind;
    this.#packs = packs;
    this.#chunker = new Chunker(chunkBytes, ({ size, sha256 }) => {
      this.#chunks.push({ size, sha256, place: packs.place(this.#chunkBegin, size) });
      this.#chunkBegin += size;
      if (++this.#chunkCount > MOST_CHUNKS)
        throw badLayer(`the layer has more than ${MOST_CHUNKS} chunks`, "larger chunks are fewer");
    });
  }

  /** The unpacked bytes so far. */
  get unpackedSize(): number {
    return this.#unpackedSize;
  }

  /** True when the archive has told its end. */
  get isEnded(): boolean {
    return this.#reader.isEnded;
  }

  readonly unpacked: Unpacked = (bytes) => {
    this.#reader.push(bytes);
    this.#unpackedSize += bytes.length;
  };

  /** Ends the chunk that has begun: none crosses a checkpoint. */
  cut(): void {
    this.#chunker.cut();
  }

  /** @param size the bytes of the layer as it is. @throws {FusemeterError} `BAD_LAYER` where the archive ends too early */
  finish(size: number): Draft {
    this.#reader.end();
    const packs = this.#packs.finish(size, this.#unpackedSize);
    return { kind: this.#kind, packs, entries: this.#tree.finish(), prefetch: [] };
  }

  entry(entry: TarEntry): void {
    const { mode, uid, gid, mtimeSeconds, mtimeNanoseconds, xattrs, type, link, size } = entry;
    const path = treePath(entry.name);
    const attributes = { path, mode, uid, gid, mtimeSeconds, mtimeNanoseconds, xattrs };
    this.#chunks = [];
    this.#chunkBegin = -1;
    if (type === "file") this.#tree.add({ type, ...attributes, size, chunks: this.#chunks });
    else if (type === "symlink") this.#tree.add({ type, ...attributes, target: link });
    else if (type === "hardlink") this.#tree.add({ type, path, target: treePath(link) });
    else if (type === "directory" || type === "fifo") this.#tree.add({ type, ...attributes });
    else if (type === "character-device" && entry.deviceMajor === 0 && entry.deviceMinor === 0) {
      this.#tree.add({ type: "whiteout", ...attributes });
    } else {
      throw badLayer(`${quoted(path)} of the layer can't be in a manifest`, "it is a device");
    }
  }

  content(bytes: Uint8Array, offset: number): void {
    if (this.#chunkBegin < 0) this.#chunkBegin = offset;
    this.#chunker.push(bytes);
  }

  end(): void {
    this.#chunker.cut();
  }
}
