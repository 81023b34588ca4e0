import { randomFill } from "node:crypto";
import { open, rename, rm, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { FusemeterError } from "../../errors.js";

const chunkBytes = 4 * 1024 * 1024;

/** Bytes that stay free on the filesystem. */
const reserveBytes = 64 * 1024 * 1024;

/** The first bytes of every file made here. */
const MARKER = Buffer.from("fusemeter test data 1\n");

const fill = promisify(randomFill<Buffer>);

/**
 * Makes a file of random bytes, which no filesystem can compress or deduplicate, and writes it to the disk. A file made
 * here before, of the same size, is kept. A file that is unfinished when it fails or is aborted is removed.
 *
 * @param onFraction called with the written part of the file, 0 to 1
 * @throws {FusemeterError} NO_ROOM where the filesystem can't take it
 */
export async function makeTestFile(
  file: string,
  sizeBytes: number,
  options: { readonly signal?: AbortSignal; readonly onFraction?: (fraction: number) => void } = {},
): Promise<void> {
  if (await isTestData(file, sizeBytes)) return;
  await rm(file, { force: true });
  await checkRoom(dirname(file), sizeBytes);
  const partial = `${file}.partial`;
  try {
    const handle = await open(partial, "w", 0o644);
    try {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      for (let position = 0; position < sizeBytes; position += chunkBytes) {
        options.signal?.throwIfAborted();
        await fill(chunk);
        if (position === 0) MARKER.copy(chunk);
        await handle.writeFile(chunk.subarray(0, Math.min(chunkBytes, sizeBytes - position)));
        options.onFraction?.(Math.min(1, (position + chunkBytes) / sizeBytes));
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
  } catch (cause) {
    await rm(partial, { force: true });
    if (cause instanceof Error && "code" in cause && cause.code === "ENOSPC") throw noRoom(dirname(file), sizeBytes, 0, cause);
    throw cause;
  }
}

/**
 * Makes sure that a directory's filesystem has room for so many bytes.
 *
 * @throws {FusemeterError} `NO_ROOM`
 */
export async function checkRoom(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize < bytes + reserveBytes) throw noRoom(directory, bytes, bavail * bsize);
}

async function isTestData(file: string, sizeBytes: number): Promise<boolean> {
  try {
    await using handle = await open(file, "r");
    if ((await handle.stat()).size !== sizeBytes) return false;
    const { buffer } = await handle.read(Buffer.alloc(MARKER.length), 0, MARKER.length, 0);
    return buffer.equals(MARKER.subarray(0, sizeBytes));
  } catch {
    return false;
  }
}

function noRoom(directory: string, bytes: number, freeBytes: number, cause?: unknown): FusemeterError {
  const mebibytes = (size: number) => `${Math.ceil(size / 2 ** 20)} MiB`;
  return new FusemeterError({
    code: "NO_ROOM",
    fault: "use",
    problem: `there is no room for the test files in ${directory}`,
    reason: `they need ${mebibytes(bytes + reserveBytes)}, and ${mebibytes(freeBytes)} are free`,
    remedy: "choose a smaller --file-size or another --directory",
    cause,
  });
}
