import { Errno } from "../../linux/libc/errno.js";
import type { Address } from "../../linux/libc/libc.js";
import type { Memory } from "../../linux/libc/memory.js";
import { InHeader } from "./header.js";
import { readU64, type U64 } from "./words.js";

/**
 * The way of a late answer, which another thread than the worker makes. Over /dev/fuse: a write to the end of the connection where the
 * request came from. Over a ring, whose entries are its thread's alone: a message to that thread and a write to `wake`, an eventfd.
 */
export type Ticket = { readonly device: number } | { readonly entry: number; readonly wake: number };

/** The message to a ring's thread. `body` is empty if `result` is 0 or -errno. */
export interface LateAnswer {
  readonly entry: number;
  readonly result: number;
  readonly body: Uint8Array;
}

/**
 * A request as a transport received it: its header, its operation's own struct, and its payload (names, data to be
 * written), each in the transport's memory. A transport makes one for each buffer, once, and moves the bounds.
 */
export class Request {
  /** struct fuse_in_header. */
  readonly header: Uint32Array;
  /** The operation's own struct: `READ`'s is struct fuse_read_in. Words beyond what the kernel sent are not defined. */
  readonly args: Uint32Array;
  readonly payload: Buffer;
  readonly payloadAddress: Address;
  /** The bounds of this request's payload in `payload`: set by the transport for each request. */
  payloadStart = 0;
  payloadEnd = 0;
  /** The end of the extensions that follow the payload: set by the transport for each request. */
  extensionsEnd = 0;
  /** The way of an answer that another thread makes: set by the transport, once. */
  ticket: Ticket = { device: -1 };
  /** The number of bytes of `args` that the kernel sent: set by the transport for each request. */
  argsBytes = 0;

  constructor(header: Uint32Array, args: Uint32Array, payload: Memory) {
    this.header = header;
    this.args = args;
    this.payload = payload.bytes;
    this.payloadAddress = payload.address;
  }

  get opcode(): number {
    return this.header[InHeader.opcode]!;
  }

  /** The node's id. Ours are below 2^32; anything else is answered like a node that was never given out. */
  get nodeId(): number {
    return this.header[InHeader.nodeid + 1] === 0 ? this.header[InHeader.nodeid]! : 0;
  }

  get uid(): number {
    return this.header[InHeader.uid]!;
  }

  get gid(): number {
    return this.header[InHeader.gid]!;
  }

  get pid(): number {
    return this.header[InHeader.pid]!;
  }

  /** Names the request in the debug log and in interrupts. */
  get unique(): U64 {
    return readU64(this.header, InHeader.unique);
  }

  /** The address of the payload, for calls that read it in place. */
  get dataAddress(): Address {
    return this.payloadAddress + this.payloadStart;
  }

  /**
   * The position of the NUL of the C string that begins at `start`; or -errno. EINVAL: it has no NUL, is empty, or is no single
   * name ("/" in it, "." or ".."). A name must not lead out of its directory.
   */
  nameEnd(start: number): number {
    const bytes = this.payload;
    const limit = this.payloadEnd;
    let at = start;
    for (; at < limit && bytes[at] !== 0; at++) if (bytes[at] === 0x2f) return -Errno.EINVAL;
    if (at >= limit || at === start) return -Errno.EINVAL;
    if (bytes[start] === 0x2e && (at === start + 1 || (at === start + 2 && bytes[start + 1] === 0x2e))) return -Errno.EINVAL;
    return at > start + 255 ? -Errno.ENAMETOOLONG : at;
  }

  /** Checks the name at the front of the payload, which `dataAddress` then points at: 0, or -errno. */
  checkName(): number {
    const end = this.nameEnd(this.payloadStart);
    return Math.min(end, 0);
  }
}

/**
 * The memory for an answer's body. It may be the memory of the request's payload (io_uring answers in place): a handler is done with the
 * payload before it writes the body.
 */
export class Reply {
  readonly bytes: Buffer;
  readonly words: Uint32Array;
  readonly address: Address;
  readonly capacity: number;

  constructor(memory: Memory, byteOffset = 0) {
    this.bytes = memory.bytes.subarray(byteOffset);
    this.words = memory.words.subarray(byteOffset / 4);
    this.address = memory.address + byteOffset;
    this.capacity = memory.bytes.length - byteOffset;
  }
}

/** A handler's result instead of a length or -errno: nothing is to be sent (FORGET). */
export const NO_REPLY = -0x10000;

/** Likewise: another thread will answer, by the request's ticket. */
export const ANSWERED_LATER = -0x10001;

/** True if a handler's result is one that the transport sends. */
export function isAnswer(result: number): boolean {
  return result > NO_REPLY;
}
