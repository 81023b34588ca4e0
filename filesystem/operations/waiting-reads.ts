import type { MessagePort } from "node:worker_threads";
import { Errno } from "../../linux/libc/errno.js";
import { InHeader } from "../protocol/header.js";
import type { ArrivalAnswer, ArrivalRequest, MissingRead } from "../serving/arrival.js";
import type { PendingRequest } from "../serving/deferral.js";
import { type EarlyInterrupts, nameOfUnique } from "./early-interrupts.js";

interface WaitingRead {
  readonly request: PendingRequest;
  readonly unique: string;
}

/** The reads that wait for a range to arrive. The thread that has mounted is told of each, and says when it is there. */
export class WaitingReads {
  readonly #port: MessagePort;
  readonly #early: EarlyInterrupts;
  readonly #answer: (request: PendingRequest, errno: number) => void;
  readonly #byId = new Map<number, WaitingRead>();
  readonly #ids = new Map<string, number>();
  #lastId = 0;

  /** @param answer is called with 0 when a read's range is there, and with an errno when the read fails */
  constructor(port: MessagePort, early: EarlyInterrupts, answer: (request: PendingRequest, errno: number) => void) {
    this.#port = port;
    this.#early = early;
    this.#answer = answer;
    port.on("message", ({ id, errno }: ArrivalAnswer) => {
      const waiting = this.#remove(id);
      if (waiting !== undefined) this.#answer(waiting.request, errno);
    });
  }

  add(request: PendingRequest, read: MissingRead): void {
    const unique = nameOfUnique(request.header[InHeader.unique]!, request.header[InHeader.unique + 1]!);
    if (this.#early.take(unique)) {
      this.#answer(request, Errno.EINTR);
      return;
    }
    const id = ++this.#lastId;
    this.#byId.set(id, { request, unique });
    this.#ids.set(unique, id);
    this.#port.postMessage({ id, read } satisfies ArrivalRequest);
  }

  /** True if an interrupt was of one of these reads, which has then failed with EINTR. */
  interrupt(unique: string): boolean {
    const id = this.#ids.get(unique);
    if (id === undefined) return false;
    this.#port.postMessage({ withdrawn: id } satisfies ArrivalRequest);
    this.#answer(this.#remove(id)!.request, Errno.EINTR);
    return true;
  }

  /** Forgets every read: the connection has ended. */
  end(): void {
    for (const id of this.#byId.keys()) this.#port.postMessage({ withdrawn: id } satisfies ArrivalRequest);
    this.#port.close();
  }

  #remove(id: number): WaitingRead | undefined {
    const waiting = this.#byId.get(id);
    if (waiting === undefined) return undefined;
    this.#byId.delete(id);
    this.#ids.delete(waiting.unique);
    return waiting;
  }
}
