import { receiveMessageOnPort } from "node:worker_threads";
import { IoUring } from "../../linux/io-uring/io-uring.js";
import {
  IORING_OP_NOP,
  IORING_OP_READ,
  IORING_OP_URING_CMD,
  IORING_OP_WRITEV,
  IOSQE_CQE_SKIP_SUCCESS,
  IOSQE_FIXED_FILE,
  IOSQE_IO_LINK,
  SQE,
} from "../../linux/io-uring/layout.js";
import { Errno, errnoName } from "../../linux/libc/errno.js";
import { EventFd } from "../../linux/libc/eventfd.js";
import { ftruncate, memfdCreate } from "../../linux/libc/files.js";
import { emptyString } from "../../linux/libc/memory.js";
import { Affinity } from "../../linux/proc/affinity.js";
import { dispatch } from "../operations/dispatch.js";
import { logReply, logRequest } from "../operations/log.js";
import { FUSE_WRITE_KILL_SUIDGID, ReadIn, WriteIn, WriteOut } from "../protocol/data.js";
import { InHeader, OutHeader } from "../protocol/header.js";
import { ANSWERED_LATER, type LateAnswer, NO_REPLY } from "../protocol/message.js";
import { Opcode } from "../protocol/opcodes.js";
import { FUSE_IO_URING_CMD_COMMIT_AND_FETCH, UringCommand, UringHeader } from "../protocol/uring.js";
import type { Context } from "../serving/context.js";
import { FIRST_VIEW } from "../tables/views.js";
import { Entry, payloadBytes, type Queue, RingEntries } from "./io-uring-entries.js";
import { pause } from "./warm-up.js";

/** The place of the FUSE device among the ring's registered files. */
const DEVICE = 0;

/** A completion's user data is the entry; marks say that it is not the answer's but of the file's read or write before it. */
const FILE_READ = 1 << 30;
const FILE_WRITE = 1 << 29;
const ENTRY = (1 << 28) - 1;

/** The read that completes when the waiter has answers. */
const WAKE = 1 << 28;

const LINKED = IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;

/**
 * A large READ not far behind the end of the one before it is of a stream, whose reader goes on while the next piece is fetched:
 * with another core to copy on, both copy at once. After so many in a row the thread is free to leave its core, and after so
 * many others it is kept there again. Not far: the reader may have changed cores, and another thread have served some.
 */
const LARGE_BYTES = 64 << 10;
const NOT_FAR_BYTES = 4 << 20;
const IN_A_ROW = 16;

const WARM_UP_ROUNDS = 12_000;
/** A pause each so many rounds: compiled code is thrown away where what it took for constant changes, and compiled again. */
const PAUSE_ROUNDS = 2000;
const PAUSE_MS = 10;
const WARM_UP_BYTES = 4096;

/**
 * Serves queues of a connection over io_uring until it ends. The calling thread makes the ring and is the only one to use
 * it. One io_uring_enter answers every request of the last round and waits for the next; the READ and the WRITE of a file
 * ride in the same call, linked before their answers.
 *
 * FORGET and INTERRUPT never come here: somebody has to serve /dev/fuse as well. The kernel begins to use rings when each
 * core's queue has an entry.
 *
 * @param role the queues, and the core where their requests are made
 * @param registered is called once the kernel has every entry
 */
export function serveRing(
  device: number,
  { queues, cpu }: { readonly queues: readonly Queue[]; readonly cpu: number },
  context: Context,
  registered: () => void,
): void {
  const affinity = new Affinity(cpu);
  affinity.stay();
  const entries = new RingEntries(queues, payloadBytes(context.settings.maxWriteBytes));
  // A round answers each entry once, with two submissions at most, and waits for the waiter anew.
  using ring = new IoUring(entries.count * 2 + 1);
  using wake = new EventFd();
  ring.registerFiles([device]);
  const server = new RingServer(queues, ring, entries, context, wake, affinity);
  server.warmUp();
  server.register();
  registered();
  server.run();
  affinity.roam();
}

class RingServer {
  readonly #ring: IoUring;
  readonly #entries: RingEntries;
  readonly #context: Context;
  readonly #wake: EventFd;
  readonly #debug: boolean;
  /** Whether a file handle is a descriptor that the ring may read and write by itself. */
  readonly #links: boolean;
  /** How many entries the kernel has or owes an answer for. */
  #live: number;
  /** For each queue, how many of its entries don't wait for a lock. */
  readonly #moving: Map<number, number>;
  readonly #affinity: Affinity;
  #roams = false;
  /** READs in a row that were of the other kind than where the thread runs is good for. */
  #otherReads = 0;
  /** The READ before: its file, and the low word of where it ended. */
  #lastFile = 0;
  #lastEnd = 0;
  #answerOpcode = IORING_OP_URING_CMD;

  constructor(
    queues: readonly Queue[],
    ring: IoUring,
    entries: RingEntries,
    context: Context,
    wake: EventFd,
    affinity: Affinity,
  ) {
    this.#affinity = affinity;
    this.#ring = ring;
    this.#entries = entries;
    this.#context = context;
    this.#wake = wake;
    this.#debug = context.settings.debug;
    this.#links = !this.#debug && context.settings.content === "source" && context.readahead === null;
    this.#live = entries.count;
    this.#moving = new Map(queues.map(({ id, depth }) => [id, depth]));
    for (const [entry, request] of entries.requests.entries()) request.ticket = { entry, wake: wake.fd };
  }

  /**
   * Runs the path of a READ until V8 has compiled it, on a file of its own and with answers that go nowhere: otherwise the
   * first thousands of reads of a mount would run interpreted.
   */
  warmUp(): void {
    if (!this.#links) return;
    const file = memfdCreate(emptyString.address, 0);
    if (file < 0) return;
    ftruncate(file, WARM_UP_BYTES);
    const { words, payloadWords } = this.#entries;
    const largeBytes = Math.min(LARGE_BYTES, payloadWords * 4);
    this.#context.openFiles.add(file);
    this.#answerOpcode = IORING_OP_NOP;
    this.#answer(0, 0, 0);
    for (let round = 0; round < WARM_UP_ROUNDS; round++) {
      if (round % PAUSE_ROUNDS === PAUSE_ROUNDS - 1) pause(PAUSE_MS);
      // Now and then a request of another kind, and a stream past the end: code that V8 has not seen run, it compiles again.
      const part = round % (8 * IN_A_ROW);
      // A READ past the end takes two rounds.
      const isLarge = part < 4 * IN_A_ROW;
      words[InHeader.opcode] = part === 6 * IN_A_ROW ? 0 : Opcode.READ;
      words[InHeader.len] = InHeader.bytes;
      words[UringHeader.opIn + ReadIn.fh] = file;
      words[UringHeader.opIn + ReadIn.offset] = isLarge ? round * largeBytes : 0;
      words[UringHeader.opIn + ReadIn.size] = isLarge ? largeBytes : WARM_UP_BYTES;
      this.#enter(1);
      this.#serveReady();
    }
    this.#enter(1);
    this.#ring.seen(this.#ring.ready);
    this.#roams = false;
    this.#otherReads = 0;
    this.#affinity.stay();
    this.#answerOpcode = IORING_OP_URING_CMD;
    this.#context.openFiles.close(file);
    // Nobody sent those.
    this.#context.requests.fill(0);
  }

  register(): void {
    for (let entry = 0; entry < this.#entries.count; entry++) this.#entries.prepareRegister(this.#ring, DEVICE, entry);
    this.#awaitWaiter();
    this.#enter(0);
  }

  run(): void {
    while (this.#live > 0) {
      this.#enter(1);
      this.#serveReady();
    }
  }

  #enter(wanted: number): void {
    const result = this.#ring.enter(wanted);
    if (result >= 0 || result === -Errno.EINTR || result === -Errno.EAGAIN || result === -Errno.EBUSY) return;
    throw new Error(`io_uring_enter: ${errnoName(-result)}`);
  }

  /** Prepares the answers to all that has completed; the next `enter` sends them together. */
  #serveReady(): void {
    const ring = this.#ring;
    const ready = ring.ready;
    for (let index = 0; index < ready; index++) {
      const userData = ring.userData(index);
      const result = ring.result(index);
      if (userData > ENTRY) this.#completed(userData, result);
      else if (result === 0) this.#serve(userData);
      // The answer behind a read that fell short: the read has a completion of its own.
      else if (result !== -Errno.ECANCELED) this.#lose(result);
    }
    ring.seen(ready);
  }

  /** An entry that came back without a request: the connection has ended. Anything else is a fault: nobody would be served. */
  #lose(result: number): void {
    if (result !== -Errno.ENOTCONN && result !== -Errno.ECONNABORTED)
      throw new Error(`FUSE over io_uring: ${errnoName(-result)}`);
    this.#live--;
  }

  /**
   * A completion that is no request. A linked read or write has one only when it did less than was asked (the end of the
   * file) or failed, and then the kernel has dropped the answer behind it: answer with what was done.
   */
  #completed(userData: number, result: number): void {
    const entry = userData & ENTRY;
    if (userData === WAKE) this.#answerLate();
    else if ((userData & FILE_READ) !== 0 || result < 0) this.#answer(entry, entry * Entry.stride, result);
    else {
      this.#entries.payloads[entry * this.#entries.payloadWords + WriteOut.size] = result;
      this.#answer(entry, entry * Entry.stride, WriteOut.bytes);
    }
  }

  #serve(entry: number): void {
    const at = entry * Entry.stride;
    const { words } = this.#entries;
    const opcode = words[at + InHeader.opcode];
    const hasView = words[at + UringHeader.opIn + ReadIn.fh + 1]! >= FIRST_VIEW;
    if (opcode === Opcode.READ && this.#links && !hasView) this.#read(entry, at);
    else if (opcode === Opcode.WRITE && this.#links) this.#write(entry, at);
    else this.#dispatch(entry, at);
  }

  /** The hot path. No call here allocates: numbers stay 32-bit words. */
  #read(entry: number, at: number): void {
    this.#context.requests[Opcode.READ]!++;
    const entries = this.#entries;
    const { words } = entries;
    const args = at + UringHeader.opIn;
    const size = words[args + ReadIn.size]!;
    const file = words[args + ReadIn.fh]!;
    if (size < 0 || size > entries.payloadWords * 4 || !this.#context.openFiles.has(file)) {
      this.#dispatch(entry, at);
      return;
    }
    this.#follow(file, words[args + ReadIn.offset]!, size);
    const { submissions } = this.#ring;
    const sqe = this.#ring.prepare(IORING_OP_READ, LINKED, file, entry | FILE_READ);
    submissions[sqe + SQE.offsetLow] = words[args + ReadIn.offset]!;
    submissions[sqe + SQE.offsetHigh] = words[args + ReadIn.offset + 1]!;
    submissions[sqe + SQE.addressLow] = entries.payloadLow[entry]!;
    submissions[sqe + SQE.addressHigh] = entries.payloadHigh[entry]!;
    submissions[sqe + SQE.length] = size;
    this.#answer(entry, at, size);
  }

  /** Keeps the thread on its core or not, by what is read. @param offset its low word */
  #follow(file: number, offset: number, size: number): void {
    const ahead = (offset - this.#lastEnd) | 0;
    const streams = size >= LARGE_BYTES && file === this.#lastFile && ahead >= 0 && ahead < NOT_FAR_BYTES;
    this.#lastFile = file;
    this.#lastEnd = (offset + size) | 0;
    if (streams === this.#roams) this.#otherReads = 0;
    else if (++this.#otherReads === IN_A_ROW) {
      this.#otherReads = 0;
      this.#roams = streams;
      if (streams) this.#affinity.roam();
      else this.#affinity.stay();
    }
  }

  /**
   * A WRITE, which is answered by 8 bytes at the front of the payload, where the data is. So these 8 bytes move aside, the
   * answer is there before the write begins, and the write gathers both pieces.
   */
  #write(entry: number, at: number): void {
    const entries = this.#entries;
    const { words, payloads } = entries;
    const args = at + UringHeader.opIn;
    const size = words[args + WriteIn.size]!;
    const file = words[args + WriteIn.fh]!;
    if (
      size !== words[at + UringHeader.payloadSize]! ||
      (words[args + WriteIn.writeFlags]! & FUSE_WRITE_KILL_SUIDGID) !== 0 ||
      !this.#context.openFiles.has(file)
    ) {
      this.#dispatch(entry, at);
      return;
    }
    this.#context.requests[Opcode.WRITE]!++;
    this.#context.caller.mayKeepSetId(true);
    const payload = entry * entries.payloadWords;
    words[at + Entry.aside] = payloads[payload]!;
    words[at + Entry.aside + 1] = payloads[payload + 1]!;
    payloads[payload + WriteOut.size] = size;
    payloads[payload + WriteOut.size + 1] = 0;
    words[at + Entry.asideLength] = Math.min(size, Entry.asideBytes);
    words[at + Entry.restLength] = Math.max(size - Entry.asideBytes, 0);
    const { submissions } = this.#ring;
    const sqe = this.#ring.prepare(IORING_OP_WRITEV, LINKED, file, entry | FILE_WRITE);
    submissions[sqe + SQE.offsetLow] = words[args + WriteIn.offset]!;
    submissions[sqe + SQE.offsetHigh] = words[args + WriteIn.offset + 1]!;
    submissions[sqe + SQE.addressLow] = entries.dataVectorsLow[entry]!;
    submissions[sqe + SQE.addressHigh] = entries.dataVectorsHigh[entry]!;
    submissions[sqe + SQE.length] = 2;
    this.#answer(entry, at, WriteOut.bytes);
  }

  #awaitWaiter(): void {
    const { submissions } = this.#ring;
    const sqe = this.#ring.prepare(IORING_OP_READ, 0, this.#wake.fd, WAKE);
    submissions[sqe + SQE.addressLow] = this.#wake.count.address;
    submissions[sqe + SQE.addressHigh] = this.#wake.count.address / 2 ** 32;
    submissions[sqe + SQE.length] = 8;
  }

  /** Answers what the waiter has an answer for. */
  #answerLate(): void {
    for (;;) {
      const message = receiveMessageOnPort(this.#context.waiter) as { message: LateAnswer } | undefined;
      if (message === undefined) break;
      const { entry, result, body } = message.message;
      if (this.#waitsForLock(entry)) this.#addMoving(entry, 1);
      this.#entries.replies[entry]!.bytes.set(body);
      this.#answer(entry, entry * Entry.stride, result);
    }
    this.#awaitWaiter();
  }

  #waitsForLock(entry: number): boolean {
    return this.#entries.words[entry * Entry.stride + InHeader.opcode] === Opcode.SETLKW;
  }

  #addMoving(entry: number, change: number): number {
    const queueId = this.#entries.queueIds[entry]!;
    const moving = this.#moving.get(queueId)! + change;
    this.#moving.set(queueId, moving);
    return moving;
  }

  #dispatch(entry: number, at: number): void {
    // A request keeps its entry while it waits. The last of a queue is for whoever lets go of the lock: registering another
    // then would be too late, since the kernel hands out what is queued when an answer comes, not when an entry does.
    const waits = this.#waitsForLock(entry);
    if (waits && this.#addMoving(entry, -1) === 0) {
      this.#addMoving(entry, 1);
      this.#answer(entry, at, -Errno.ENOLCK);
      return;
    }
    const { words, requests, replies } = this.#entries;
    const request = requests[entry]!;
    const payloadSize = words[at + UringHeader.payloadSize]!;
    request.argsBytes = words[at + InHeader.len]! - InHeader.bytes - payloadSize;
    request.payloadStart = 0;
    request.extensionsEnd = payloadSize;
    request.payloadEnd = payloadSize - 8 * (words[at + InHeader.totalExtlen]! & 0xffff);
    if (this.#debug) logRequest(request);
    const result = dispatch(request, replies[entry]!, this.#context);
    // io_uring's own threads get this one's capabilities when they are made, and they write for callers of every kind.
    this.#context.caller.mayKeepSetId(true);
    if (result === ANSWERED_LATER) return;
    if (waits) this.#addMoving(entry, 1);
    // Every entry must be answered or it is lost; only FORGET has no answer, and that does not come here.
    const answered = result === NO_REPLY ? -Errno.EIO : result;
    if (this.#debug) logReply(request, answered);
    this.#answer(entry, at, answered);
  }

  /** Writes the out header over the in header (`unique` is at the same place) and prepares its way back. */
  #answer(entry: number, at: number, result: number): void {
    const { words } = this.#entries;
    const bodyBytes = Math.max(result, 0);
    words[at + OutHeader.len] = OutHeader.bytes + bodyBytes;
    words[at + OutHeader.error] = Math.min(result, 0);
    words[at + UringHeader.payloadSize] = bodyBytes;
    const { submissions } = this.#ring;
    const sqe = this.#ring.prepare(this.#answerOpcode, IOSQE_FIXED_FILE, DEVICE, entry);
    submissions[sqe + SQE.commandOp] = FUSE_IO_URING_CMD_COMMIT_AND_FETCH;
    const command = sqe + SQE.command;
    submissions[command + UringCommand.commitId] = words[at + UringHeader.commitId]!;
    submissions[command + UringCommand.commitId + 1] = words[at + UringHeader.commitId + 1]!;
    submissions[command + UringCommand.queueId] = this.#entries.queueIds[entry]!;
  }
}
