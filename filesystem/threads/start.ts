import { MessageChannel } from "node:worker_threads";
import { DaemonReadahead } from "../tables/daemon-readahead.js";
import { InodeTable } from "../tables/inodes.js";
import type { WaiterData } from "./deferred.js";
import { type Hired, hire } from "./pool.js";
import type { PusherData } from "./prefetch.js";
import type { Role } from "./role.js";
import type { ThreadData } from "./thread-data.js";
import type { WorkerData } from "./worker.js";

/** The end of a mount's threads, in an object: a promise alone would be waited for by `await`. */
export interface Threads {
  /** Settles when the connection ended and all threads are done with it. Rejects where one of them failed. */
  readonly ended: Promise<void>;
}

/**
 * Has threads serve: the workers, the waiter that they share, and the pusher where there is readahead by the daemon.
 *
 * @param abort ends the connection: called where a thread fails, since what it was serving would never be answered
 */
export async function startThreads(roles: readonly Role[], shared: ThreadData, abort: () => void): Promise<Threads> {
  const channels = roles.map((role) => ({ role, channel: new MessageChannel() }));
  const ports = channels.map(({ channel }) => channel.port1);
  const waiter = hire("deferred", { ...shared, ports } satisfies WaiterData, ports);
  const workers = channels.map(({ role, channel: { port2 } }, worker) =>
    hire("worker", { ...shared, role, worker, waiter: port2 } satisfies WorkerData, [port2]),
  );
  const pusher = startPusher(shared);
  let failure: unknown;
  const settled = (thread: Hired) =>
    thread.done.catch((error) => {
      failure ??= error;
      abort();
    });
  // Listened for from the start: who is quick has used the mount and unmounted it before the last thread is ready.
  const workersEnd = Promise.all(workers.map(settled));
  const waiterEnd = settled(waiter);
  const pusherEnd = pusher === null ? null : settled(pusher.thread);
  const ended = (async () => {
    await workersEnd;
    // The waiter's work ends with that of the last worker.
    await waiterEnd;
    pusher?.end();
    await pusherEnd;
    if (failure !== undefined) throw failure;
  })();
  const all = [waiter, ...workers, ...(pusher === null ? [] : [pusher.thread])];
  // One that fails has aborted: the others return as at any end. To terminate a thread that loads koffi would abort the process.
  await Promise.all(all.map((thread) => thread.ready)).catch(() => ended);
  return { ended };
}

/** The thread of readahead by the daemon, where it does any. */
function startPusher({ daemonReadahead, inodes, connection }: ThreadData): { thread: Hired; end(): void } | null {
  if (daemonReadahead === null) return null;
  const { memory, windowBytes } = daemonReadahead;
  return {
    thread: hire("prefetch", { readahead: memory, inodes, connection, windowBytes } satisfies PusherData),
    end: () => new DaemonReadahead(memory, new InodeTable(inodes), windowBytes).end(),
  };
}
