import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Errno } from "../../linux/libc/errno.js";
import type { ArrivalAnswer, ArrivalRequest, Arrivals } from "../serving/arrival.js";

/** Takes the reads that wait to their owner, and the results back. @returns the other end, for the deferred thread */
export function serveArrivals(arrivals: Arrivals): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const waiting = new Map<number, AbortController>();
  const answer = (id: number, errno: number) => {
    if (waiting.delete(id)) port1.postMessage({ id, errno } satisfies ArrivalAnswer);
  };
  port1.on("message", (message: ArrivalRequest) => {
    if ("withdrawn" in message) {
      waiting.get(message.withdrawn)?.abort();
      waiting.delete(message.withdrawn);
      return;
    }
    const { id, read } = message;
    const controller = new AbortController();
    waiting.set(id, controller);
    arrivals.waitFor(read, controller.signal).then(
      (errno) => answer(id, errno),
      () => answer(id, Errno.EIO),
    );
  });
  // The connection has ended, or the deferred thread has: nobody waits.
  port1.on("close", () => {
    for (const controller of waiting.values()) controller.abort();
    waiting.clear();
  });
  return port2;
}
