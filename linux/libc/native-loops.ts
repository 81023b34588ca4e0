import { type Address, bind } from "./libc.js";
import { cString, Memory } from "./memory.js";
import { pageSizeBytes } from "./page-size.js";

const dlsym = bind("uintptr_t dlsym(uintptr_t handle, const void *name)");
/** `void *lfind(const void *key, const void *base, size_t *nmemb, size_t size, int (*compar)(const void *, const void *))` */
const lfind = bind("uintptr_t lfind(const void *key, const void *base, void *count, size_t width, uintptr_t compare)");
const mmap = bind("uintptr_t mmap(uintptr_t address, size_t length, int protection, int flags, int fd, long offset)");
const madvise = bind("int madvise(uintptr_t address, size_t length, int advice)");
const memset = bind("uintptr_t memset(uintptr_t memory, int byte, size_t length)");

/** sys/mman.h: PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, and kinds of advice. */
const READ_WRITE = 3;
const PRIVATE_ANONYMOUS = 0x22;
const MADV_DONTNEED = 4;
const MADV_HUGEPAGE = 14;
const MADV_NOHUGEPAGE = 15;

/**
 * A loop in C over a C function that ignores its arguments and never returns 0, for instance `getppid`: lfind(3) calls what
 * it believes to be a comparison until one says "equal". JavaScript is entered once a loop, not once a call.
 */
export function nativeLoop(name: "getppid" | "getpagesize", calls: number): () => void {
  const symbol = dlsym(0, cString(name));
  if (symbol === 0) throw new Error(`the C library has no ${name}`);
  const count = BigUint64Array.of(BigInt(calls));
  return () => {
    if (lfind(count, count, count, 0, symbol) !== 0) throw new Error(`${name} returned 0`);
  };
}

/** Anonymous memory in pages of the smallest size, which the process keeps. */
export class Pages {
  readonly #address: Address;
  readonly #bytes: number;

  constructor(bytes: number) {
    this.#address = mmap(0, bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
    this.#bytes = bytes;
    madvise(this.#address, bytes, MADV_NOHUGEPAGE);
  }

  /** Gives all pages back to the kernel: each faults when it is written next. */
  drop(): void {
    madvise(this.#address, this.#bytes, MADV_DONTNEED);
  }

  /** Writes every byte. */
  write(): void {
    memset(this.#address, 1, this.#bytes);
  }
}

/**
 * Memory in huge pages, where the host has them, as the kernel itself maps all of its memory: a copy then costs no walk through
 * page tables that the kernel's own copies would not cost. Every page is there.
 */
export function hugeMemory(bytes: number): Uint8Array {
  const memory = new Memory(bytes);
  const start = Math.ceil(memory.address / pageSizeBytes) * pageSizeBytes;
  madvise(start, memory.address + bytes - start, MADV_HUGEPAGE);
  return memory.bytes.fill(1);
}
