import type { IoUring } from "../../linux/io-uring/io-uring.js";
import { IORING_OP_URING_CMD, IOSQE_FIXED_FILE, SQE } from "../../linux/io-uring/layout.js";
import { Memory } from "../../linux/libc/memory.js";
import { pageSizeBytes } from "../../linux/libc/page-size.js";
import { WriteOut } from "../protocol/data.js";
import { InHeader } from "../protocol/header.js";
import { Reply, Request } from "../protocol/message.js";
import { FUSE_IO_URING_CMD_REGISTER, MIN_PAYLOAD_BYTES, UringCommand, UringHeader } from "../protocol/uring.js";

/** A queue of the kernel's, and the number of requests that it may hand out at a time. */
export interface Queue {
  /** The core whose requests come here. */
  readonly id: number;
  readonly depth: number;
}

/**
 * Words of an entry's own memory:
 *
 *     struct fuse_uring_req_header header;    //   0
 *     struct iovec registered[2];             // 288: the header, the payload
 *     struct iovec data[2];                   // 320: a WRITE's data, in two pieces
 *     u8 aside[8];                            // 352: the bytes that were at the payload's front
 */
export const Entry = {
  stride: 96,
  registered: 72,
  dataVectors: 80,
  asideLength: 82,
  restLength: 86,
  aside: 88,
  asideBytes: WriteOut.bytes,
} as const;

/** The size of a payload buffer. */
export function payloadBytes(maxWriteBytes: number): number {
  return Math.max(MIN_PAYLOAD_BYTES, maxWriteBytes);
}

/**
 * The memory in which requests arrive and are answered: for each entry a header and a payload buffer, the same for as long
 * as the connection lives. Together they take `entries * (384 + payload)` bytes of address space; a page of a payload
 * costs memory once a request was that large.
 */
export class RingEntries {
  readonly count: number;
  /** Signed words, because those compile to plain loads and stores. Where an entry begins: `entry * Entry.stride`. */
  readonly words: Int32Array;
  readonly payloads: Int32Array;
  readonly payloadWords: number;
  readonly queueIds: Int32Array;
  readonly payloadLow: Int32Array;
  readonly payloadHigh: Int32Array;
  readonly dataVectorsLow: Int32Array;
  readonly dataVectorsHigh: Int32Array;
  readonly requests: readonly Request[];
  readonly replies: readonly Reply[];
  readonly #headers: Memory;

  constructor(queues: readonly Queue[], payloadBytes: number) {
    this.queueIds = Int32Array.from(queues.flatMap(({ id, depth }) => new Array<number>(depth).fill(id)));
    this.count = this.queueIds.length;
    this.#headers = new Memory(this.count * Entry.stride * 4);
    // On a page's boundary: the kernel copies page by page, and would copy each of ours in two pieces.
    const room = new Memory(this.count * payloadBytes + pageSizeBytes);
    const payloads = slice(room, (pageSizeBytes - (room.address % pageSizeBytes)) % pageSizeBytes, this.count * payloadBytes);
    this.words = new Int32Array(this.#headers.words.buffer);
    this.payloads = new Int32Array(payloads.words.buffer, payloads.words.byteOffset, payloads.words.length);
    this.payloadWords = payloadBytes / 4;
    this.payloadLow = new Int32Array(this.count);
    this.payloadHigh = new Int32Array(this.count);
    this.dataVectorsLow = new Int32Array(this.count);
    this.dataVectorsHigh = new Int32Array(this.count);
    const requests: Request[] = [];
    const replies: Reply[] = [];
    for (let entry = 0; entry < this.count; entry++) {
      const payload = slice(payloads, entry * payloadBytes, payloadBytes);
      const header = slice(this.#headers, entry * Entry.stride * 4, UringHeader.bytes);
      this.payloadLow[entry] = payload.address;
      this.payloadHigh[entry] = payload.address / 2 ** 32;
      requests.push(new Request(header.words.subarray(0, InHeader.bytes / 4), header.words.subarray(UringHeader.opIn), payload));
      replies.push(new Reply(payload));
      const vectors = entry * Entry.stride + Entry.registered;
      this.#writeVector(vectors, header.address, UringHeader.bytes);
      this.#writeVector(vectors + 4, payload.address, payloadBytes);
      const dataVectors = entry * Entry.stride + Entry.dataVectors;
      this.#writeVector(dataVectors, this.#addressOf(entry, Entry.aside), 0);
      this.#writeVector(dataVectors + 4, payload.address + Entry.asideBytes, 0);
      this.dataVectorsLow[entry] = this.#addressOf(entry, Entry.dataVectors);
      this.dataVectorsHigh[entry] = this.#addressOf(entry, Entry.dataVectors) / 2 ** 32;
    }
    this.requests = requests;
    this.replies = replies;
  }

  /** Writes a `struct iovec { void *base; size_t len; }` at a word. */
  #writeVector(at: number, address: number, lengthBytes: number): void {
    this.words[at] = address;
    this.words[at + 1] = address / 2 ** 32;
    this.words[at + 2] = lengthBytes;
    this.words[at + 3] = 0;
  }

  /** The address of a word of an entry. */
  #addressOf(entry: number, word: number): number {
    return this.#headers.address + (entry * Entry.stride + word) * 4;
  }

  /** Gives an entry to its queue. @param device a registered file */
  prepareRegister(ring: IoUring, device: number, entry: number): void {
    const at = ring.prepare(IORING_OP_URING_CMD, IOSQE_FIXED_FILE, device, entry);
    const vectors = this.#addressOf(entry, Entry.registered);
    ring.submissions[at + SQE.commandOp] = FUSE_IO_URING_CMD_REGISTER;
    ring.submissions[at + SQE.addressLow] = vectors;
    ring.submissions[at + SQE.addressHigh] = vectors / 2 ** 32;
    ring.submissions[at + SQE.length] = 2;
    ring.submissions[at + SQE.command + UringCommand.queueId] = this.queueIds[entry]!;
  }
}

function slice(memory: Memory, offset: number, lengthBytes: number): Memory {
  return {
    bytes: memory.bytes.subarray(offset, offset + lengthBytes),
    words: memory.words.subarray(offset / 4, (offset + lengthBytes) / 4),
    address: memory.address + offset,
  };
}
