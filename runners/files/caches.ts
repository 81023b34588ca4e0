import { open, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { FusemeterError } from "../../errors.js";
import { countCachedPages, dropCachedPages } from "../../linux/libc/page-cache.js";
import { pageSizeBytes } from "../../linux/libc/page-size.js";

const readBytes = 1024 * 1024;

/** Pages in use by a reader or on their way to the disk can't be dropped at once. */
const coldAttempts = 20;
const coldPauseMs = 50;

const warmAttempts = 3;

/**
 * Takes one file out of the page cache and leaves everybody else's files in it: fsync, then POSIX_FADV_DONTNEED.
 *
 * @returns null once cachestat(2) has seen no page of it in the cache; or a warning that this kernel can't prove it
 * @throws {FusemeterError} NOT_COLD where pages stay: someone maps the file, or the filesystem lives in memory
 */
export async function makeCold(file: string): Promise<string | null> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
    for (let attempt = 0; attempt < coldAttempts; attempt++) {
      if (attempt > 0) await sleep(coldPauseMs);
      dropCachedPages(handle.fd);
      const cached = countCachedPages(handle.fd);
      if (cached < 0) return "not proven cold: cachestat(2) needs Linux 6.5";
      if (cached === 0) return null;
    }
  } finally {
    await handle.close();
  }
  throw new FusemeterError({
    code: "NOT_COLD",
    fault: "host",
    problem: `${file} can't be taken out of the page cache`,
    remedy: "end programs that map it, and use a --directory on a block device",
  });
}

/**
 * Reads one file until all of it is in the page cache.
 *
 * @param onFraction called with the part of a pass that is done, 0 to 1
 * @returns null once cachestat(2) has seen every page of it in the cache; or a warning that this kernel can't prove it
 * @throws {FusemeterError} NOT_WARM where memory doesn't hold it
 */
export async function makeWarm(file: string, onFraction?: (fraction: number) => void): Promise<string | null> {
  const { size } = await stat(file);
  const pages = Math.ceil(size / pageSizeBytes);
  const handle = await open(file, "r");
  try {
    // A file that is warm already is not read again.
    if (countCachedPages(handle.fd) >= pages) return null;
    for (let attempt = 0; attempt < warmAttempts; attempt++) {
      const buffer = Buffer.allocUnsafe(readBytes);
      for (let position = 0; position < size; position += readBytes) {
        await handle.read(buffer, 0, readBytes, position);
        onFraction?.(Math.min(1, (position + readBytes) / size));
      }
      const cached = countCachedPages(handle.fd);
      if (cached < 0) return "not proven warm: cachestat(2) needs Linux 6.5";
      if (cached >= pages) return null;
    }
  } finally {
    await handle.close();
  }
  throw new FusemeterError({
    code: "NOT_WARM",
    fault: "host",
    problem: `${file} (${size} bytes) does not stay in the page cache`,
    remedy: "free memory, or choose a smaller --file-size",
  });
}
