import type { MessagePort } from "node:worker_threads";
import { Errno } from "../../linux/libc/errno.js";
import { wakeUp } from "../../linux/libc/eventfd.js";
import { Memory } from "../../linux/libc/memory.js";
import type { Deferred } from "../operations/deferred.js";
import { tryLock } from "../operations/locks.js";
import { handlers } from "../operations/table.js";
import { WaitingLocks } from "../operations/waiting-locks.js";
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
}

// The thread for what may take long, so that no worker is held up: fsync on libuv's threads, and waiting for locks.
serveMounts(async (data: DeferredData, ready) => {
  const server = new DeferredServer(await contextOf(data, 0, data.ports[0]!));
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
  readonly body: Buffer;
  readonly #output = new Memory(OutHeader.bytes + LkOut.bytes);
  readonly #work = new Set<Promise<void>>();

  constructor(context: Context) {
    this.context = context;
    this.owners = new LockOwners(context.inodes, (nodeId, flags) => openRegular(context, nodeId, flags));
    this.waitingLocks = new WaitingLocks((request) => tryLock(request, context, this.owners), this.answer);
    this.body = this.#output.bytes.subarray(OutHeader.bytes);
  }

  take(port: MessagePort, message: DeferredMessage): void {
    if ("interrupted" in message) {
      this.waitingLocks.interrupt(message.interrupted);
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

  holdFor(work: Promise<void>): void {
    this.#work.add(work);
    void work.then(() => this.#work.delete(work));
  }

  /** Lets go of every lock, and waits for the work that uses descriptors of the mount. */
  async end(): Promise<void> {
    this.waitingLocks.end();
    this.owners.releaseAll();
    await Promise.all(this.#work);
  }
}
