import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { originError } from "./errors.js";
import { noTransfers, type Ranges } from "./ranges.js";

const PIECE_BYTES = 128 * 1024;

/** A local file, or the files in a local directory. */
export class FileRanges implements Ranges {
  readonly name: string;
  readonly counts = noTransfers();
  /** The file itself, which is read many times. */
  #own: Promise<FileHandle> | null = null;

  constructor(path: string) {
    this.name = path;
  }

  async sizeOf(path: string): Promise<number> {
    return await this.#with(path, async (handle) => (await handle.stat()).size);
  }

  async read(path: string, offset: number, length: number, signal: AbortSignal): Promise<Buffer> {
    signal.throwIfAborted();
    const bytes = await this.#with(path, (handle) => this.#readFrom(handle, offset, length));
    signal.throwIfAborted();
    if (bytes.length < length) throw this.#refused(path, `it ends at byte ${offset + bytes.length}`);
    return bytes;
  }

  async *stream(path: string, offset: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    for (let at = offset; ; ) {
      signal.throwIfAborted();
      const piece = await this.#with(path, (handle) => this.#readFrom(handle, at, PIECE_BYTES));
      if (piece.length === 0) return;
      at += piece.length;
      yield piece;
    }
  }

  async close(): Promise<void> {
    const own = this.#own;
    this.#own = null;
    await (await own?.catch(() => null))?.close();
  }

  async #readFrom(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    this.counts.requests++;
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.counts.bytes += filled;
    return bytes.subarray(0, filled);
  }

  async #with<T>(path: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
    try {
      if (path === "") {
        this.#own ??= open(this.name, constants.O_RDONLY);
        return await use(await this.#own);
      }
      const handle = await open(join(this.name, path), constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        return await use(handle);
      } finally {
        await handle.close();
      }
    } catch (cause) {
      if (path === "") this.#own = null;
      throw this.#errorOf(path, cause);
    }
  }

  /** A disk or a server of files may recover; a name that is not there does not come by waiting. */
  #errorOf(path: string, cause: unknown): unknown {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (typeof code !== "string") return cause;
    if (["ENOENT", "ENOTDIR", "EISDIR", "EACCES", "EPERM", "ELOOP", "ENAMETOOLONG"].includes(code))
      return this.#refused(path, message);
    return originError("ORIGIN_UNAVAILABLE", `${join(this.name, path)} can't be read`, message, cause);
  }

  #refused(path: string, reason: string) {
    return originError("ORIGIN_REFUSED", `${JSON.stringify(join(this.name, path))} can't be read`, reason);
  }
}
