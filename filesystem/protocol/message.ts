import { Errno } from "../../linux/libc/errno.js";
import type { Address } from "../../linux/libc/libc.js";
import type { Memory } from "../../linux/libc/memory.js";
import { InHeader } from "./header.js";
import { readU64, type U64 } from "./words.js";

/**
 * How a request is answered that its worker does not answer at once: by a write to the end of the connection where it came
 * from, or, of a ring, whose entries are its thread's alone, by telling that thread: a message and a write to `wake`, an eventfd.
 */
export type Ticket = { readonly device: number } | { readonly entry: number; readonly wake: number };

/** The message that a ring's thread is told by. `body` is empty where `result` is 0 or -errno. */
export interface LateAnswer {
  readonly entry: number;
  readonly result: number;
  readonly body: Uint8Array;
}

/**
 * A request as a transport received it: its header, its operation's own struct, and its payload (names, data to be
 * written), each where the transport has it. A transport makes one for each buffer, once, and moves the bounds.
 */
export class Request {
  /** struct fuse_in_header. */
  readonly header: Uint32Array;
  /** The operation's own struct: `READ`'s is struct fuse_read_in. Words beyond what the kernel sent are not defined. */
  readonly args: Uint32Array;
  readonly payload: Buffer;
  readonly payloadAddress: Address;
  /** Where in `payload` this request's begins and ends: set by the transport a request. */
  payloadStart = 0;
  payloadEnd = 0;
  /** Where the extensions end that follow the payload: set by the transport a request. */
  extensionsEnd = 0;
  /** What the transport needs to send an answer that another thread makes: set by the transport, once. */
  ticket: Ticket = { device: -1 };
  /** How many bytes of `args` the kernel sent: set by the transport a request. */
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

  /** Where the payload lies, for calls that read it in place. */
  get dataAddress(): Address {
    return this.payloadAddress + this.payloadStart;
  }

  /**
   * The end of the C string that begins at `start`, which is where its NUL stands; or -errno: EINVAL where there is no
   * NUL, where it is empty, or where it is no single name ("/" in it, "." or ".."): a name must not lead out of its directory.
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
 * Where a handler writes its answer's body. It may be the memory that the request's payload lies in (io_uring answers in
 * place): a handler is done with the payload before it writes the body.
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

/** What a handler returns instead of a length or -errno when nothing is to be sent: FORGET. */
export const NO_REPLY = -0x10000;

/** The same when another thread will answer, by the request's ticket. */
export const ANSWERED_LATER = -0x10001;

/** Whether a handler's result is one that the transport sends. */
export function isAnswer(result: number): boolean {
  return result > NO_REPLY;
}
