import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { IoUring } from "../../linux/io-uring/io-uring.js";
import { IORING_OP_READ, SQE } from "../../linux/io-uring/layout.js";
import type { EventFd } from "../../linux/libc/eventfd.js";
import { InHeader } from "../protocol/header.js";
import type { LateAnswer } from "../protocol/message.js";
import { Opcode } from "../protocol/opcodes.js";
import { Entry, type RingEntries } from "./io-uring-entries.js";

/**
 * The deferred thread's answers to requests of a ring, whose entries are its own thread's alone: that thread is told by a message and
 * woken by a read of an eventfd, which the ring waits for like any other submission.
 */
export class LateAnswers {
  readonly #ring: IoUring;
  readonly #entries: RingEntries;
  readonly #port: MessagePort;
  readonly #wake: EventFd;
  readonly #userData: number;

  /** @param userData of the completion after which `takeAll` is to be called */
  constructor(ring: IoUring, entries: RingEntries, port: MessagePort, wake: EventFd, userData: number) {
    this.#ring = ring;
    this.#entries = entries;
    this.#port = port;
    this.#wake = wake;
    this.#userData = userData;
  }

  /** Prepares the read that completes when there are answers. */
  listen(): void {
    const { submissions } = this.#ring;
    const sqe = this.#ring.prepare(IORING_OP_READ, 0, this.#wake.fd, this.#userData);
    submissions[sqe + SQE.addressLow] = this.#wake.count.address;
    submissions[sqe + SQE.addressHigh] = this.#wake.count.address / 2 ** 32;
    submissions[sqe + SQE.length] = 8;
  }

  /** Hands over every answer that is there, its body already in the entry's reply. @param answer sends it */
  takeAll(answer: (entry: number, result: number) => void): void {
    for (;;) {
      const message = receiveMessageOnPort(this.#port) as { message: LateAnswer } | undefined;
      if (message === undefined) break;
      const { entry, result, body } = message.message;
      this.#entries.replies[entry]!.bytes.set(body);
      answer(entry, result);
    }
    this.listen();
  }
}

/**
 * The entries of each queue that do not wait for a lock. A request keeps its entry while it waits, and the last one must stay free for the
 * request that lets go of the lock. To register another entry then would be too late: the kernel hands out queued requests when an answer
 * comes, not when an entry does.
 */
export class FreeEntries {
  readonly #entries: RingEntries;
  readonly #free = new Map<number, number>();

  constructor(entries: RingEntries) {
    this.#entries = entries;
    for (const id of entries.queueIds) this.#free.set(id, (this.#free.get(id) ?? 0) + 1);
  }

  /** True if an entry's request may wait for a lock. */
  mayWait(entry: number): boolean {
    return this.#entries.words[entry * Entry.stride + InHeader.opcode] === Opcode.SETLKW;
  }

  /** Counts an entry as waiting: false, and nothing is counted, if it is the last of its queue. */
  take(entry: number): boolean {
    const queueId = this.#entries.queueIds[entry]!;
    const free = this.#free.get(queueId)!;
    if (free === 1) return false;
    this.#free.set(queueId, free - 1);
    return true;
  }

  /** Counts an entry as one that no longer waits. */
  giveBack(entry: number): void {
    const queueId = this.#entries.queueIds[entry]!;
    this.#free.set(queueId, this.#free.get(queueId)! + 1);
  }
}
