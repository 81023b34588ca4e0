import { type Address, bind } from "./libc.js";

// `long`, not `uintptr_t`: MAP_FAILED is -1.
const mmap = bind("long mmap(uintptr_t address, size_t length, int protection, int flags, int fd, long offset)");
const munmap = bind("int munmap(uintptr_t address, size_t length)");
const madvise = bind("int madvise(uintptr_t address, size_t length, int advice)");

/** `void *memcpy(void *to, const void *from, size_t bytes)`, for instance from a mapping: pages that are missing fault. */
export const copy = bind("uintptr_t memcpy(uintptr_t to, uintptr_t from, size_t bytes)");

/** sys/mman.h */
const PROT_READ = 1;
const MAP_SHARED = 1;
const MADV_RANDOM = 1;
const MADV_DONTNEED = 4;

/** A file that is mapped to be read. A read of it behind a dead daemon ends the process with SIGBUS. */
export interface Mapping {
  readonly address: Address;
  /** Takes the pages out of the page table, so that they can be dropped from the page cache. */
  readonly forget: () => void;
  readonly unmap: () => void;
}

/**
 * Maps a file from its start. See mmap(2), madvise(2).
 *
 * @returns the mapping, or `-errno`
 */
export function mapFile(fd: number, bytes: number, isRandom: boolean): Mapping | number {
  const address = mmap(0, bytes, PROT_READ, MAP_SHARED, fd, 0);
  if (address < 0) return address;
  if (isRandom) madvise(address, bytes, MADV_RANDOM);
  return {
    address,
    forget: () => void madvise(address, bytes, MADV_DONTNEED),
    unmap: () => void munmap(address, bytes),
  };
}
