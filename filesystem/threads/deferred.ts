import type { MessagePort } from "node:worker_threads";
import { Errno } from "../../linux/libc/errno.js";
import { wakeUp } from "../../linux/libc/eventfd.js";
import { Memory } from "../../linux/libc/memory.js";
import { readArrived } from "../operations/data.js";
import type { Deferred } from "../operations/deferred.js";
import { EarlyInterrupts, nameOfUnique } from "../operations/early-interrupts.js";
import { tryLock } from "../operations/locks.js";
import { handlers } from "../operations/table.js";
import { WaitingLocks } from "../operations/waiting-locks.js";
import { WaitingReads } from "../operations/waiting-reads.js";
import { InHeader, OutHeader } from "../protocol/header.js";
import { LkOut } from "../protocol/locks.js";
import type { LateAnswer } from "../protocol/message.js";
import type { Context } from "../serving/context.js";
import type { DeferredMessage, PendingRequest } from "../serving/deferral.js";
import { openRegular, Refusal, returnBorrowed } from "../serving/node.js";
import { LockOwners } from "../tables/lock-owners.js";
import { sendAnswer } from "../transports/device.js";
import { serveMounts } from "./thread.js";
import { contextOf, type ThreadData } from "./thread-data.js";

/** The start data of the deferred thread. */
export interface DeferredData extends ThreadData {
  /** One from each worker. */
  readonly ports: readonly MessagePort[];
  /** The port to the thread that has mounted, for reads that wait; null if all of the source is there. */
  readonly arrivals: MessagePort | null;
}

// The thread for what may take long, so that no worker is held up: fsync on libuv's threads, and waiting for locks.
serveMounts(async (data: DeferredData, ready) => {
  const server = new DeferredServer(await contextOf(data, 0, data.ports[0]!), data.arrivals);
  for (const port of data.ports) port.on("message", (message: DeferredMessage) => server.take(port, message));
  // A worker closes its port when it is done.
  const closed = data.ports.map((port) => new Promise((resolve) => port.once("close", resolve)));
  ready();
  await Promise.all(closed);
  await server.end();
});

class DeferredServer implements Deferred {
  readonly context: Context;
  readonly owners: LockOwners;
  readonly waitingLocks: WaitingLocks;
  readonly waitingReads: WaitingReads | null;
  readonly body: Buffer;
  readonly #early = new EarlyInterrupts();
  readonly #output: Memory;
  readonly #work = new Set<Promise<void>>();

  constructor(context: Context, arrivals: MessagePort | null) {
    this.context = context;
    const bodyBytes = arrivals === null ? LkOut.bytes : Math.max(context.settings.maxWriteBytes, LkOut.bytes);
    this.#output = new Memory(OutHeader.bytes + bodyBytes);
    this.owners = new LockOwners(context.inodes, (nodeId, flags) => openRegular(context, nodeId, flags));
    this.waitingLocks = new WaitingLocks((request) => tryLock(request, context, this.owners), this.answer, this.#early);
    this.body = this.#output.bytes.subarray(OutHeader.bytes);
    this.waitingReads = arrivals === null ? null : new WaitingReads(arrivals, this.#early, this.#answerRead);
  }

  take(port: MessagePort, message: DeferredMessage): void {
    if ("interrupted" in message) {
      const unique = nameOfUnique(...message.interrupted);
      const isKnown = this.waitingLocks.interrupt(unique) || (this.waitingReads?.interrupt(unique) ?? false);
      if (!isKnown) this.#early.note(unique);
      return;
    }
    const request: PendingRequest = { ...message, port };
    try {
      // Mounts of zeros defer nothing.
      handlers.source[message.header[InHeader.opcode]!]?.deferred?.(request, this);
    } catch (fault) {
      this.answer(request, fault instanceof Refusal ? -fault.errno : -Errno.EIO);
    } finally {
      returnBorrowed(this.context);
    }
  }

  readonly answer = ({ ticket, header, port }: PendingRequest, result: number): void => {
    if ("device" in ticket) {
      sendAnswer(ticket.device, this.#output, header, result);
      return;
    }
    const body = this.body.subarray(0, Math.max(result, 0));
    port.postMessage({ entry: ticket.entry, result, body } satisfies LateAnswer);
    wakeUp(ticket.wake);
  };

  /** Answers a READ that has waited. @param errno 0 if its range has arrived */
  readonly #answerRead = (request: PendingRequest, errno: number): void => {
    const { bytes, words, address } = this.#output;
    const front = OutHeader.bytes;
    const body = { bytes: bytes.subarray(front), words: words.subarray(front / 4), address: address + front };
    this.answer(request, errno === 0 ? readArrived(request, this.context, body) : -errno);
  };

  holdFor(work: Promise<void>): void {
    this.#work.add(work);
    void work.then(() => this.#work.delete(work));
  }

  /** Lets go of every lock, and waits for the work that uses descriptors of the mount. */
  async end(): Promise<void> {
    this.waitingLocks.end();
    this.waitingReads?.end();
    this.owners.releaseAll();
    await Promise.all(this.#work);
  }
}
