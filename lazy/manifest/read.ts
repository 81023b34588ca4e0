import type { z } from "zod";
import { FusemeterError, messageOf } from "../../errors.js";
import { assemble } from "./assemble.js";
import { badManifest } from "./bad-manifest.js";
import type { DraftChunk, DraftEntry } from "./draft.js";
import { readLines } from "./lines.js";
import { type ChunkRow, chunkRows, type EntryLine, entry, header, pack, prefetch } from "./schema.js";
import type { Manifest, Pack, Packing } from "./types.js";

/**
 * Reads and checks a manifest's file. Nothing in it is trusted: a tree that this returns has no name that leads outside of it.
 *
 * @throws {FusemeterError} `BAD_MANIFEST`: one line that names the first fault; `MANIFEST_NOT_READ` for a file that can't be read
 */
export async function readManifest(file: string): Promise<Manifest> {
  const lines = new Records(file);
  try {
    const { kind, packs: packCount, entries: entryCount, chunks: chunkCount } = await lines.next(header);
    const packs: Pack[] = [];
    while (packs.length < packCount) packs.push(packOf(await lines.next(pack)));
    const entries: DraftEntry[] = [];
    let chunksLeft = chunkCount;
    while (entries.length < entryCount) {
      const line = await lines.next(entry);
      const chunks: DraftChunk[] = [];
      if (line.type === "file") chunksLeft -= line.chunks;
      if (chunksLeft < 0) throw lines.bad(`the files have more than ${chunkCount} chunks`);
      while (line.type === "file" && chunks.length < line.chunks) {
        const rows = await lines.next(chunkRows);
        if (rows.length === 0 || chunks.length + rows.length > line.chunks)
          throw lines.bad("a file has another number of chunks");
        for (const row of rows) chunks.push(chunkOf(row));
      }
      entries.push(entryOf(line, chunks));
    }
    if (chunksLeft > 0) throw lines.bad(`the files have fewer than ${chunkCount} chunks`);
    const first: string[] = [];
    for (let more = await lines.nextOrEnd(prefetch); more !== null; more = await lines.nextOrEnd(prefetch))
      first.push(more.prefetch);
    return assemble({ kind, packs, entries, prefetch: first });
  } catch (cause) {
    if (cause instanceof FusemeterError) throw cause;
    throw notRead(file, cause);
  } finally {
    await lines.close();
  }
}

function notRead(file: string, cause: unknown): FusemeterError {
  const problem = `the manifest ${file} can't be read`;
  return new FusemeterError({ code: "MANIFEST_NOT_READ", fault: "use", problem, reason: messageOf(cause), cause });
}

/** The lines of a manifest, each parsed and checked against the schema that is due. */
class Records {
  readonly #file: string;
  readonly #lines: AsyncGenerator<string>;
  #number = 0;

  constructor(file: string) {
    this.#file = file;
    this.#lines = readLines(file);
  }

  async next<T extends z.ZodType>(schema: T): Promise<z.infer<T>> {
    const found = await this.nextOrEnd(schema);
    if (found === null) throw this.bad("it ends too early");
    return found;
  }

  /** The next line; null at the end of the file. */
  async nextOrEnd<T extends z.ZodType>(schema: T): Promise<z.infer<T> | null> {
    const { value, done } = await this.#lines.next();
    if (done === true) return null;
    this.#number++;
    const { data, error } = schema.safeParse(this.#parse(value));
    if (error === undefined) return data as z.infer<T>;
    const { path, message } = error.issues[0]!;
    throw this.bad(path.length === 0 ? message : `${path.join(".")}: ${message}`);
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw this.bad("it is not JSON");
    }
  }

  bad(reason: string): FusemeterError {
    return badManifest(`line ${this.#number} of the manifest ${this.#file} can't be used`, reason);
  }

  async close(): Promise<void> {
    await this.#lines.return(undefined);
  }
}

function packOf({ packing, offset, size, unpackedSize, ...more }: z.infer<typeof pack>): Pack {
  return { offset, size, unpackedSize, packing: { kind: packing, ...more } as Packing };
}

function chunkOf([sha256, size, ...at]: ChunkRow): DraftChunk {
  const [pack, begin, skip] = at;
  return { sha256, size, place: pack === undefined ? null : { kind: "pack", pack, at: begin!, skip: skip! } };
}

function entryOf(line: EntryLine, chunks: readonly DraftChunk[]): DraftEntry {
  if (line.type === "hardlink") return line;
  const { mtime, xattrs, ...rest } = line;
  const common = { mtimeSeconds: mtime[0], mtimeNanoseconds: mtime[1], xattrs: xattrs ?? {} };
  return rest.type === "file" ? { ...rest, ...common, chunks } : { ...rest, ...common };
}
