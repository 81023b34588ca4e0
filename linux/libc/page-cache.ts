import { Errno } from "./errno.js";
import { bind } from "./libc.js";
import { rawSyscall, syscallNumber } from "./syscall-numbers.js";

const POSIX_FADV_RANDOM = 1;
const POSIX_FADV_DONTNEED = 4;

const posixFadvise = bind("int posix_fadvise(int fd, long offset, long length, int advice)");

/** Drops a file's clean pages from the page cache; dirty ones stay. 0, or `-errno`. See posix_fadvise(2). */
export function dropCachedPages(fd: number): number {
  // posix_fadvise returns its error instead of setting errno.
  const error = posixFadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
  return error > 0 ? -error : error;
}

/** Switches readahead off for an open file. 0, or `-errno`. See posix_fadvise(2). */
export function adviseRandom(fd: number): number {
  const error = posixFadvise(fd, 0, 0, POSIX_FADV_RANDOM);
  return error > 0 ? -error : error;
}

/**
 * The number of a file's pages in the page cache, by cachestat(2) (Linux 6.5), or `-errno`. Some filesystems
 * (hugetlbfs) have none to tell of.
 *
 *     struct cachestat_range       struct cachestat
 *      0  u64 off                   0  u64 nr_cache
 *      8  u64 len (0: to the end)   8  u64 nr_dirty
 *                                  16  u64 nr_writeback
 *                                  24  u64 nr_evicted
 *                                  32  u64 nr_recently_evicted
 */
export function countCachedPages(fd: number): number {
  const number = syscallNumber("cachestat");
  if (number === null) return -Errno.ENOSYS;
  const range = new BigUint64Array(2);
  const statistics = new BigUint64Array(5);
  const result = rawSyscall(number, fd, range, statistics, 0, 0);
  return result < 0 ? result : Number(statistics[0]);
}
