import { readSync } from "node:fs";
import { messageOf } from "../../../errors.js";
import { errnoName } from "../../../linux/libc/errno.js";
import { close, fsync, openPath } from "../../../linux/libc/files.js";
import { Open } from "../../../linux/libc/flags.js";
import { countCachedPages, dropCachedPages } from "../../../linux/libc/page-cache.js";
import { pageSizeBytes } from "../../../linux/libc/page-size.js";
import { type IdleWatch, pause, watchIdle } from "./idle.js";
import type { Failure, JobContender, SliceJob } from "./protocol.js";

/** The kernel may take some pages back at any time (proactive reclaim). So few of them don't show in a median of slices. */
const LOST_PART = 0.005;

/** Pages that the disk still fills can't be dropped at once: they are tried for so long. */
const COLD_MS = 500;

/** After this long the slice ends with requests under way: a daemon may read ahead by itself for ever. */
const SETTLE_MS = 200;

/** The pause between two looks at requests under way. */
const LOOK_MS = 0.05;

/** Bytes of one read that fills a cache. */
const FILL_BYTES = 2 ** 20;

/** The cached pages of one contender's file, and the requests under way that fill them. */
export interface Pages {
  /** Gets ready for another pass: takes mapped pages out of the page tables, and drops those of the mount, never those of the source. */
  renew(): void;
  /** Drops the pages of mount and source. @returns the reason why some stay; null where none does */
  dropAll(): Failure;
  /** Reads the file's first bytes into the caches. @returns the reason why it failed; null where it did not */
  fill(bytes: number): Failure;
  /** Waits until nothing is under way, writeback included. @returns the reason why that failed; null where it did not */
  settle(): Failure;
  /** The reason why a file that is to be in the page cache is not wholly there; null where it is, or where the kernel can't tell. */
  lost(): Failure;
  close(): void;
}

/** The descriptors with which pages are dropped and counted. */
interface Descriptors {
  readonly own: number;
  readonly source: number;
  readonly idle: IdleWatch;
}

function openAll(contender: JobContender): Descriptors | string {
  const own = openPath(contender.path, Open.RDONLY);
  if (own < 0) return `open: ${errnoName(-own)}`;
  const source = openPath(contender.source, Open.RDONLY);
  if (source < 0) {
    close(own);
    return `open of the source file: ${errnoName(-source)}`;
  }
  try {
    return { own, source, idle: watchIdle(contender) };
  } catch (error) {
    close(own);
    close(source);
    return messageOf(error);
  }
}

/**
 * Opens the files of a contender to drop their pages.
 *
 * @param forget takes mapped pages out of the page tables
 * @returns the pages, or the reason why a file can't be opened
 */
export function openPages(job: SliceJob, contender: JobContender, forget: () => void): Pages | string {
  const { operation, cache, fileSizeBytes } = job;
  const opened = openAll(contender);
  if (typeof opened === "string") return opened;
  const { own, source, idle } = opened;
  return {
    renew() {
      forget();
      if (contender.hasPages && cache !== "hot") dropCachedPages(own);
    },
    dropAll() {
      const deadline = performance.now() + COLD_MS;
      do {
        forget();
        dropCachedPages(own);
        dropCachedPages(source);
        // A kernel without cachestat(2) can't tell.
        if (countCachedPages(source) <= 0 && countCachedPages(own) <= 0) return null;
        pause(LOOK_MS);
      } while (performance.now() < deadline);
      return "its pages can't be taken out of the page cache";
    },
    fill(bytes) {
      const buffer = Buffer.alloc(FILL_BYTES);
      try {
        for (let offset = 0; offset < bytes; offset += FILL_BYTES) readSync(own, buffer, 0, FILL_BYTES, offset);
        return null;
      } catch (error) {
        return messageOf(error);
      }
    },
    settle() {
      const synced = operation === "write" ? fsync(own) : 0;
      const deadline = performance.now() + SETTLE_MS;
      while (!idle.isIdle() && performance.now() < deadline) pause(LOOK_MS);
      return synced < 0 ? `fsync: ${errnoName(-synced)}` : null;
    },
    lost() {
      const all = Math.ceil(fileSizeBytes / pageSizeBytes);
      const cached = countCachedPages(source);
      if (cached < 0 || cached >= (1 - LOST_PART) * all) return null;
      return `${cached} of ${all} pages of the source file are in the page cache: memory ran short, or somebody dropped them`;
    },
    close() {
      idle.close();
      close(own);
      close(source);
    },
  };
}
