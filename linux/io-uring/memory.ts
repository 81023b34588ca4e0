import koffi from "koffi";

// From <sys/mman.h>, the same on x86-64 and arm64.
const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 0x01;
const MAP_POPULATE = 0x8000;

const libc = koffi.load(null);
const mmap = libc.func(
  "intptr_t mmap(intptr_t address, size_t length, int protection, int flags, int fd, long offset)",
) as unknown as (address: number, length: number, protection: number, flags: number, fd: number, offset: number) => number;
const munmap = libc.func("int munmap(intptr_t address, size_t length)") as unknown as (address: number, length: number) => number;

/** A ring that the kernel shares, mapped. No view of it may be used after it was disposed. */
export class RingMemory implements Disposable {
  readonly buffer: ArrayBuffer;
  readonly #address: number;

  /** @param offset which of the rings: IORING_OFF_… */
  constructor(fd: number, offset: number, lengthBytes: number) {
    this.#address = mmap(0, lengthBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);
    if (this.#address === -1) throw new Error(`mmap of an io_uring: errno ${koffi.errno()}`);
    this.buffer = koffi.view(this.#address, lengthBytes);
  }

  [Symbol.dispose](): void {
    munmap(this.#address, this.buffer.byteLength);
  }
}
