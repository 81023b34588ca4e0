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
import { Affinity } from "../../linux/proc/affinity.js";
import { linksData, mayLinkRead, mayLinkWrite } from "../operations/data.js";
import { dispatch } from "../operations/dispatch.js";
import { logReply, logRequest } from "../operations/log.js";
import { ReadIn, WriteIn, WriteOut } from "../protocol/data.js";
import { InHeader, OutHeader } from "../protocol/header.js";
import { ANSWERED_LATER, NO_REPLY } from "../protocol/message.js";
import { Opcode } from "../protocol/opcodes.js";
import { FUSE_IO_URING_CMD_COMMIT_AND_FETCH, UringCommand, UringHeader } from "../protocol/uring.js";
import type { Context } from "../serving/context.js";
import { Entry, payloadBytes, type Queue, RingEntries } from "./io-uring-entries.js";
import { FreeEntries, LateAnswers } from "./late-answers.js";
import { warmUpRing } from "./ring-warm-up.js";
import { StreamAffinity } from "./stream-affinity.js";

/** The place of the FUSE device among the ring's registered files. */
const DEVICE = 0;

/** The user data of a completion is the entry. A mark says that it is not the answer's but of the file's read or write before it. */
const FILE_READ = 1 << 30;
const FILE_WRITE = 1 << 29;
const ENTRY = (1 << 28) - 1;

/** The user data of the read that completes when the deferred thread has answers. */
const WAKE = 1 << 28;

const LINKED = IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;

/**
 * Serves queues of a connection over io_uring until it ends. The calling thread makes the ring and is the only one to use
 * it. One io_uring_enter answers every request of the last round and waits for the next; the READ and the WRITE of a file
 * ride in the same call, linked before their answers.
 *
 * FORGET and INTERRUPT never come here: somebody has to serve /dev/fuse as well. The kernel begins to use rings when each
 * core's queue has an entry.
 *
 * @param role the queues, and the core whose requests come in them
 * @param registered is called once the kernel has every entry
 */
export function serveRing(
  device: number,
  { queues, cpu }: { readonly queues: readonly Queue[]; readonly cpu: number },
  context: Context,
  registered: () => void,
): void {
  const affinity = new StreamAffinity(new Affinity(cpu));
  affinity.pin();
  const entries = new RingEntries(queues, payloadBytes(context.settings.maxWriteBytes));
  // A round answers each entry once, with two submissions at most, and listens for late answers anew.
  using ring = new IoUring(entries.count * 2 + 1);
  using wake = new EventFd();
  ring.registerFiles([device]);
  const server = new RingServer(ring, entries, context, wake, affinity);
  if (server.links) warmUpRing(server, ring, entries, context, affinity);
  server.register();
  registered();
  server.run();
  affinity.unpin();
}

class RingServer {
  readonly #ring: IoUring;
  readonly #entries: RingEntries;
  readonly #context: Context;
  readonly #affinity: StreamAffinity;
  readonly #lateAnswers: LateAnswers;
  readonly #freeEntries: FreeEntries;
  readonly #debug: boolean;
  /** True if the ring reads and writes files by itself. */
  readonly links: boolean;
  /** The number of entries that the kernel has or owes an answer for. */
  #live: number;
  #answerOpcode = IORING_OP_URING_CMD;

  constructor(ring: IoUring, entries: RingEntries, context: Context, wake: EventFd, affinity: StreamAffinity) {
    this.#ring = ring;
    this.#entries = entries;
    this.#context = context;
    this.#affinity = affinity;
    this.#lateAnswers = new LateAnswers(ring, entries, context.deferred, wake, WAKE);
    this.#freeEntries = new FreeEntries(entries);
    this.#debug = context.settings.debug;
    this.links = !this.#debug && linksData(context);
    this.#live = entries.count;
    for (const [entry, request] of entries.requests.entries()) request.ticket = { entry, wake: wake.fd };
  }

  /** While true, answers are submissions that do nothing: for the warm-up alone. */
  set answersNowhere(nowhere: boolean) {
    this.#answerOpcode = nowhere ? IORING_OP_NOP : IORING_OP_URING_CMD;
  }

  register(): void {
    for (let entry = 0; entry < this.#entries.count; entry++) this.#entries.prepareRegister(this.#ring, DEVICE, entry);
    this.#lateAnswers.listen();
    this.enter(0);
  }

  run(): void {
    while (this.#live > 0) {
      this.enter(1);
      this.serveReady();
    }
  }

  enter(wanted: number): void {
    const result = this.#ring.enter(wanted);
    if (result >= 0 || result === -Errno.EINTR || result === -Errno.EAGAIN || result === -Errno.EBUSY) return;
    throw new Error(`io_uring_enter: ${errnoName(-result)}`);
  }

  /** Prepares the answers to all that has completed; the next `enter` sends them together. */
  serveReady(): void {
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
   * file) or failed, and then the kernel has dropped the answer behind it: answer with the result of the read or write.
   */
  #completed(userData: number, result: number): void {
    const entry = userData & ENTRY;
    if (userData === WAKE) this.#lateAnswers.takeAll(this.#answerLate);
    else if ((userData & FILE_READ) !== 0 || result < 0) this.answer(entry, result);
    else {
      this.#entries.payloads[entry * this.#entries.payloadWords + WriteOut.size] = result;
      this.answer(entry, WriteOut.bytes);
    }
  }

  readonly #answerLate = (entry: number, result: number): void => {
    if (this.#freeEntries.mayWait(entry)) this.#freeEntries.giveBack(entry);
    this.answer(entry, result);
  };

  #serve(entry: number): void {
    const at = entry * Entry.stride;
    const opcode = this.#entries.words[at + InHeader.opcode];
    if (opcode === Opcode.READ && this.links) this.#read(entry, at);
    else if (opcode === Opcode.WRITE && this.links) this.#write(entry, at);
    else this.#dispatch(entry, at);
  }

  /** The hot path. No call here allocates: numbers stay 32-bit words. */
  #read(entry: number, at: number): void {
    const entries = this.#entries;
    const { words } = entries;
    const args = at + UringHeader.opIn;
    const size = words[args + ReadIn.size]!;
    const file = words[args + ReadIn.fh]!;
    if (!mayLinkRead(this.#context, file, words[args + ReadIn.fh + 1]!, size, entries.payloadWords * 4)) {
      this.#dispatch(entry, at);
      return;
    }
    this.#context.requests[Opcode.READ]!++;
    this.#affinity.noteRead(file, words[args + ReadIn.offset]!, size);
    const { submissions } = this.#ring;
    const sqe = this.#ring.prepare(IORING_OP_READ, LINKED, file, entry | FILE_READ);
    submissions[sqe + SQE.offsetLow] = words[args + ReadIn.offset]!;
    submissions[sqe + SQE.offsetHigh] = words[args + ReadIn.offset + 1]!;
    submissions[sqe + SQE.addressLow] = entries.payloadLow[entry]!;
    submissions[sqe + SQE.addressHigh] = entries.payloadHigh[entry]!;
    submissions[sqe + SQE.length] = size;
    this.answer(entry, size);
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
    if (!mayLinkWrite(this.#context, file, words[args + WriteIn.writeFlags]!, size, words[at + UringHeader.payloadSize]!)) {
      this.#dispatch(entry, at);
      return;
    }
    this.#context.requests[Opcode.WRITE]!++;
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
    this.answer(entry, WriteOut.bytes);
  }

  #dispatch(entry: number, at: number): void {
    const waits = this.#freeEntries.mayWait(entry);
    if (waits && !this.#freeEntries.take(entry)) {
      this.answer(entry, -Errno.ENOLCK);
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
    if (waits) this.#freeEntries.giveBack(entry);
    // Every entry must be answered or it is lost; only FORGET has no answer, and that does not come here.
    const answered = result === NO_REPLY ? -Errno.EIO : result;
    if (this.#debug) logReply(request, answered);
    this.answer(entry, answered);
  }

  /** Writes the out header over the in header (`unique` is at the same place) and prepares its way back. */
  answer(entry: number, result: number): void {
    const at = entry * Entry.stride;
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
