import { Errno } from "../../linux/libc/errno.js";
import { close } from "../../linux/libc/files.js";

/**
 * The descriptors behind the kernel's file handles, in memory that all workers share. They must be closed when a connection ends
 * without their RELEASE.
 */
export class OpenFiles {
  readonly #bits: Int32Array;
  readonly #stamps: Int32Array;

  /** Memory for descriptors below a limit: a bit each, and a word for a stamp. */
  static create(limit: number): SharedArrayBuffer {
    return new SharedArrayBuffer(Math.ceil(limit / 32) * 33 * 4);
  }

  constructor(memory: SharedArrayBuffer) {
    const words = memory.byteLength / 4 / 33;
    this.#bits = new Int32Array(memory, 0, words);
    this.#stamps = new Int32Array(memory, words * 4);
  }

  /** @param stamp a word that changes with the file */
  add(fd: number, stamp = 0): void {
    this.#stamps[fd] = stamp;
    Atomics.or(this.#bits, fd >>> 5, 1 << (fd & 31));
  }

  has(fd: number): boolean {
    return ((this.#bits[fd >>> 5] ?? 0) & (1 << (fd & 31))) !== 0;
  }

  /** True if a file's stamp is another than before. The new one is kept. */
  hasChanged(fd: number, stamp: number): boolean {
    if (this.#stamps[fd] === stamp) return false;
    this.#stamps[fd] = stamp;
    return true;
  }

  /** Closes one: 0, or -errno; EBADF for one that was never added. */
  close(fd: number): number {
    const bit = 1 << (fd & 31);
    if (fd >>> 5 >= this.#bits.length) return -Errno.EBADF;
    const before = Atomics.and(this.#bits, fd >>> 5, ~bit);
    return (before & bit) === 0 ? -Errno.EBADF : close(fd);
  }

  /** The number of open files. */
  get count(): number {
    let count = 0;
    for (const word of this.#bits) for (let rest = word; rest !== 0; rest &= rest - 1) count++;
    return count;
  }

  closeAll(): void {
    for (const [index, word] of this.#bits.entries()) {
      for (let bit = 0; bit < 32; bit++) if ((word >>> bit) & 1) close(index * 32 + bit);
    }
    this.#bits.fill(0);
  }
}
