import koffi from "koffi";
import type { Address } from "./libc.js";

/**
 * Memory that C functions read and write: its bytes, its words, and its address, which never changes.
 * The owner keeps it reachable for as long as anyone holds the address.
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

/** The empty C string, for calls that take `AT_EMPTY_PATH`. */
export const emptyString = new Memory(1);
