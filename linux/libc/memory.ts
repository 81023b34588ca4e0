import koffi from "koffi";
import type { Address } from "./libc.js";

/**
 * Memory that C functions read and write on hot paths: its bytes, its words, and its address, which never changes.
 * An address does not keep the memory reachable: the owner must hold the `Memory` for as long as the address is in use.
 * Cold paths pass bytes instead (`void *` in the prototype), which koffi keeps for the length of the call.
 */
export class Memory {
  readonly bytes: Buffer;
  /** The same memory as 32-bit words, in the host's byte order, as the kernel writes its structs. */
  readonly words: Uint32Array;
  readonly address: Address;

  constructor(byteLength: number) {
    // An ArrayBuffer of its own: V8 keeps small typed arrays inside its heap, where they move.
    const buffer = new ArrayBuffer(Math.ceil(byteLength / 8) * 8);
    this.bytes = Buffer.from(buffer);
    this.words = new Uint32Array(buffer);
    this.address = Number(koffi.address(this.bytes));
  }

  /** A C string: the bytes and a NUL. */
  static string(text: string | Buffer): Memory {
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    const memory = new Memory(bytes.length + 1);
    bytes.copy(memory.bytes);
    return memory;
  }
}

/** A C string to be passed to a `const void *` parameter. */
export function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}

/** The empty C string, for calls that take `AT_EMPTY_PATH`. */
export const emptyString = new Memory(1);
