import { join } from "node:path";
import { ArrivalTable } from "../../filesystem/index.js";
import { close } from "../../linux/libc/files.js";
import type { Chunk, Manifest } from "../manifest/index.js";
import { writeChunk } from "./content.js";
import { finishTree, JOURNAL, openDirectory, openTree, type StoreDirectory, startTree, TREE } from "./directory.js";
import { chunkAt, chunksIn, inspectTree, type StoredFile } from "./files.js";
import { identityOf } from "./identity.js";
import { createJournal, type Journal } from "./journal.js";
import type { JournalHead } from "./journal-records.js";
import { type Recovered, recover } from "./recover.js";
import { synchronizeFiles, synchronizeFilesystem } from "./synchronize.js";
import { makeTree } from "./tree.js";

/** Data is put on the disk after this time, and after this many bytes: a start after a crash checks no more than that. */
const COMMIT_MS = 500;
const COMMIT_BYTES = 64 * 2 ** 20;

/** The unit of `ArrivalTable`. Two chunks may share a block. */
const BLOCK_BYTES = 4096;

/**
 * A directory in which a tree arrives: `tree` is the tree itself, its files at first holes, and `journal` tells which chunks are in their
 * files. A chunk's data is written before its record. After a power failure a record counts if a later one says that its data was
 * synchronized, or if the data has the right digest.
 */
export class Store {
  /** The path of the tree. */
  readonly tree: string;
  /** The path of the store. */
  readonly path: string;
  /** The memory of an `ArrivalTable`: the parts of files that have arrived. */
  readonly table: SharedArrayBuffer;
  readonly totalBytes: number;
  #arrivedBytes = 0;
  #arrivedChunks = 0;
  readonly #directory: StoreDirectory;
  readonly #root: number;
  readonly #manifest: Manifest;
  readonly #journal: Journal;
  readonly #fileByIno: ReadonlyMap<bigint, StoredFile>;
  readonly #fileOfChunk: StoredFile[] = [];
  readonly #has: Uint8Array;
  readonly #arrivals: ArrivalTable;
  #isSealed: boolean;
  /** Files with data that is not synchronized, and the number of those bytes. */
  #dirty = new Set<StoredFile>();
  #dirtyBytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #commit: Promise<void> = Promise.resolve();
  #failure: Error | null = null;

  /**
   * Opens a directory as the store of a tree: makes the tree in an empty one, and goes on where an earlier process ended.
   *
   * @throws FusemeterError if the directory can't be used, or is not as it was made
   */
  static async open(path: string, manifest: Manifest): Promise<Store> {
    const bytes = manifest.entries.reduce((sum, entry) => sum + (entry.type === "file" ? entry.size : 0), 0);
    const directory = openDirectory(path);
    let root = -1;
    try {
      const head = { manifest: identityOf(manifest), chunkCount: manifest.chunks.length };
      if (!directory.isMade) await makeStore(directory, manifest, head);
      root = openTree(directory.fd);
      const recovered = await recover(directory.fd, root, manifest, head);
      return new Store(directory, root, manifest, bytes, recovered);
    } catch (error) {
      if (root >= 0) close(root);
      close(directory.fd);
      throw error;
    }
  }

  private constructor(directory: StoreDirectory, root: number, manifest: Manifest, bytes: number, recovered: Recovered) {
    this.#directory = directory;
    this.#root = root;
    this.#manifest = manifest;
    this.#journal = recovered.journal;
    this.path = directory.path;
    this.tree = join(directory.path, TREE);
    this.totalBytes = bytes;
    this.#isSealed = recovered.journal.history.isSealed;
    const files = this.#isSealed ? [] : inspectTree(root, manifest);
    this.#fileByIno = new Map(files.map((file) => [file.ino, file]));
    for (const file of files) for (const { number } of file.entry.chunks) this.#fileOfChunk[number] = file;
    const arriving = files.filter(({ entry }) => entry.size > 0);
    this.table = ArrivalTable.create(
      arriving.map(({ ino, entry: { size, mtimeSeconds, mtimeNanoseconds } }) => ({
        ino,
        sizeBytes: size,
        mtimeSeconds,
        mtimeNanoseconds,
      })),
    );
    this.#arrivals = new ArrivalTable(this.table);
    this.#has = new Uint8Array(manifest.chunks.length);
    const certain = recovered.journal.history.synchronized;
    for (const [index, number] of recovered.arrived.entries()) {
      if (!this.#isSealed) this.#show(manifest.chunks[number]!, index >= certain);
      else this.#count(manifest.chunks[number]!);
    }
  }

  get chunkCount(): number {
    return this.#has.length;
  }

  get arrivedBytes(): number {
    return this.#arrivedBytes;
  }

  get arrivedChunks(): number {
    return this.#arrivedChunks;
  }

  /** True if every chunk has arrived. */
  get isComplete(): boolean {
    return this.#arrivedChunks === this.#has.length;
  }

  /** True if the tree on the disk is the whole tree. */
  get isSealed(): boolean {
    return this.#isSealed;
  }

  has(chunk: number): boolean {
    return this.#has[chunk] === 1;
  }

  /** The path in the tree of the file with an inode number; null if none has it. */
  pathOf(ino: bigint): string | null {
    return this.#fileByIno.get(ino)?.entry.path ?? null;
  }

  /** The path in the tree of a chunk's file. */
  pathOfChunk(chunk: number): string {
    return this.#fileOfChunk[chunk]!.entry.path;
  }

  /** The chunks of a range of the file with an inode number that have not arrived. */
  missing(ino: bigint, offset: number, sizeBytes: number): Chunk[] {
    const file = this.#fileByIno.get(ino);
    if (file === undefined) return [];
    return chunksIn(file.entry, offset, sizeBytes).filter(({ number }) => !this.has(number));
  }

  /**
   * Takes a chunk whose digest has been checked. Readers see it when this settles.
   *
   * @throws FusemeterError `STORE_UNWRITABLE`
   */
  async put(chunk: Chunk, bytes: Uint8Array): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    if (this.has(chunk.number)) return;
    await writeChunk(this.#root, this.#fileOfChunk[chunk.number]!.entry, chunk, bytes);
    if (this.has(chunk.number)) return;
    this.#journal.addArrival(chunk.number);
    this.#show(chunk, true);
    if (this.#dirtyBytes >= COMMIT_BYTES) void this.synchronize().catch(() => {});
    else this.#timer ??= setTimeout(() => void this.synchronize().catch(() => {}), COMMIT_MS);
  }

  /** Puts all that has arrived on the disk. @throws FusemeterError `STORE_UNWRITABLE`, and then at every later `put` */
  async synchronize(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#commit = this.#commit.then(() => this.#commitNow());
    return this.#commit;
  }

  /** Ends the arrival of the tree: all attributes are as in the manifest, and all is on the disk. Every chunk must have arrived. */
  async seal(): Promise<void> {
    if (this.#isSealed) return;
    if (!this.isComplete) throw new Error("a store was sealed before all chunks were there");
    await this.synchronize();
    inspectTree(this.#root, this.#manifest);
    await synchronizeFilesystem(this.#root);
    await this.#journal.seal();
    this.#isSealed = true;
  }

  /** Puts all on the disk that can be, and lets go of the directory. */
  async close(): Promise<void> {
    await this.synchronize().catch(() => {});
    this.#journal.close();
    close(this.#root);
    close(this.#directory.fd);
  }

  /** Lets readers see a chunk. */
  #show(chunk: Chunk, isDirty: boolean): void {
    const file = this.#fileOfChunk[chunk.number]!;
    this.#count(chunk);
    const [from, to] = this.#arrivedAround(file, chunk);
    this.#arrivals.add(file.ino, from, to);
    if (!isDirty) return;
    this.#dirty.add(file);
    this.#dirtyBytes += chunk.size;
  }

  #count({ number, size }: Chunk): void {
    this.#has[number] = 1;
    this.#arrivedChunks++;
    this.#arrivedBytes += size;
  }

  /** The range of a chunk and of those arrived neighbours that share its first or its last block. */
  #arrivedAround({ entry: { chunks } }: StoredFile, { offset, size }: Chunk): readonly [from: number, to: number] {
    let [from, to] = [offset, offset + size];
    const firstBlock = Math.floor(from / BLOCK_BYTES) * BLOCK_BYTES;
    const lastBlock = Math.ceil(to / BLOCK_BYTES) * BLOCK_BYTES;
    const index = chunkAt(chunks, offset);
    for (let left = index - 1; left >= 0 && from > firstBlock && this.has(chunks[left]!.number); left--)
      from = chunks[left]!.offset;
    for (let right = index + 1; right < chunks.length && to < lastBlock; right++) {
      const { number, offset: start, size: bytes } = chunks[right]!;
      if (!this.has(number)) break;
      to = start + bytes;
    }
    return [from, to];
  }

  async #commitNow(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    if (this.#dirty.size === 0) return;
    const { arrived } = this.#journal;
    const paths = [...this.#dirty].map(({ entry }) => entry.path);
    this.#dirty = new Set();
    this.#dirtyBytes = 0;
    try {
      await synchronizeFiles(this.#root, paths);
      await this.#journal.addSynchronized(arrived);
    } catch (error) {
      // Data that could not be written may be gone from memory too (fsync(2), EIO): nothing more is believed.
      this.#failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }
}

async function makeStore(directory: StoreDirectory, manifest: Manifest, head: JournalHead): Promise<void> {
  const root = startTree(directory);
  try {
    makeTree(root, manifest.entries);
    await synchronizeFilesystem(root);
    createJournal(directory.fd, JOURNAL, head);
    finishTree(directory);
  } finally {
    close(root);
  }
}
