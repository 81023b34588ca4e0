import { openSync, readSync } from "node:fs";
import { close, fsync, openPath } from "../../../linux/libc/files.js";
import { Open } from "../../../linux/libc/flags.js";
import { countCachedPages, dropCachedPages } from "../../../linux/libc/page-cache.js";
import type { JobContender, SliceJob } from "./protocol.js";

/** Pages that the disk still fills can't be dropped at once: they are tried for so long. */
const COLD_MS = 500;

/** After this long the slice ends with requests under way: a daemon may read ahead by itself for ever. */
const SETTLE_MS = 200;

/** The cached pages of one contender's file, and the requests under way that fill them. */
export interface Pages {
  /** Drops the pages of the mount, never those of the source. */
  dropOwn(): void;
  /** Drops the pages of mount and source. @returns false where some stay */
  dropAll(): boolean;
  /** Waits until nothing is under way, writeback included. */
  settle(): void;
  close(): void;
}

/** A file of sysfs with numbers, read again and again. */
function numbersIn(path: string): () => boolean {
  const fd = openSync(path, "r");
  const buffer = Buffer.alloc(128);
  return () => {
    const length = readSync(fd, buffer, 0, buffer.length, 0);
    for (let index = 0; index < length; index++) {
      const byte = buffer[index]!;
      if (byte > 0x30 && byte <= 0x39) return false;
    }
    return true;
  };
}

/**
 * Opens the files of a contender to drop their pages.
 *
 * @returns the pages, or `-errno`
 */
export function openPages({ operation, cache }: SliceJob, contender: JobContender, forget: () => void): Pages | number {
  const own = openPath(contender.path, Open.RDONLY);
  if (own < 0) return own;
  const source = openPath(contender.source, Open.RDONLY);
  if (source < 0) {
    close(own);
    return source;
  }
  const isIdle = contender.inFlight.map(numbersIn);
  const dropOwn = () => {
    if (!contender.hasPages || cache === "hot") return;
    forget();
    dropCachedPages(own);
  };
  return {
    dropOwn,
    dropAll() {
      const deadline = performance.now() + COLD_MS;
      do {
        forget();
        dropCachedPages(own);
        dropCachedPages(source);
        // A kernel without cachestat(2) can't tell.
        if (countCachedPages(source) <= 0) return true;
      } while (performance.now() < deadline);
      return false;
    },
    settle() {
      if (operation === "write") fsync(own);
      const deadline = performance.now() + SETTLE_MS;
      while (!isIdle.every((isZero) => isZero()) && performance.now() < deadline);
    },
    close() {
      close(own);
      close(source);
    },
  };
}
