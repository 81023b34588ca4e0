import { MessageChannel, type MessagePort } from "node:worker_threads";
import { DaemonReadahead } from "../tables/daemon-readahead.js";
import { InodeTable } from "../tables/inodes.js";
import type { DeferredData } from "./deferred.js";
import { acquire, type Lease } from "./pool.js";
import type { PrefetchData } from "./prefetch.js";
import type { Role } from "./role.js";
import type { ThreadData } from "./thread-data.js";
import type { WorkerData } from "./worker.js";

/** The end of a mount's threads. An object, since `await` would wait for a promise alone. */
export interface Threads {
  /** Settles when the connection has ended and no thread works for it any more. Rejects if one of them failed. */
  readonly ended: Promise<void>;
}

/**
 * Starts a mount's threads: the workers, the deferred thread that they share, and the prefetch thread if the daemon reads ahead.
 *
 * @param arrivals the deferred thread's port for reads that wait; null if all of the source is there
 * @param abort ends the connection: called when a thread fails, since its requests would never be answered
 */
export async function startThreads(
  roles: readonly Role[],
  shared: ThreadData,
  arrivals: MessagePort | null,
  abort: () => void,
): Promise<Threads> {
  const channels = roles.map((role) => ({ role, channel: new MessageChannel() }));
  const ports = channels.map(({ channel }) => channel.port1);
  const transfer = arrivals === null ? ports : [...ports, arrivals];
  const deferred = acquire("deferred", { ...shared, ports, arrivals } satisfies DeferredData, transfer);
  const workers = channels.map(({ role, channel: { port2 } }, worker) =>
    acquire("worker", { ...shared, role, worker, deferred: port2 } satisfies WorkerData, [port2]),
  );
  const prefetch = startPrefetch(shared);
  let failure: unknown;
  const settled = (thread: Lease) =>
    thread.done.catch((error) => {
      failure ??= error;
      abort();
    });
  // Listened for from the start: a quick user has unmounted before the last thread is ready.
  const workersEnd = Promise.all(workers.map(settled));
  const deferredEnd = settled(deferred);
  const prefetchEnd = prefetch === null ? null : settled(prefetch.thread);
  const ended = (async () => {
    await workersEnd;
    // The deferred thread's work ends with that of the last worker.
    await deferredEnd;
    prefetch?.end();
    await prefetchEnd;
    if (failure !== undefined) throw failure;
  })();
  const all = [deferred, ...workers, ...(prefetch === null ? [] : [prefetch.thread])];
  // One that fails has aborted: the others return as at any end. To terminate a thread that loads koffi would abort the process.
  await Promise.all(all.map((thread) => thread.ready)).catch(() => ended);
  return { ended };
}

/** The thread of the daemon's readahead; null for a mount without it. */
function startPrefetch({ daemonReadahead, inodes, connection }: ThreadData): { thread: Lease; end(): void } | null {
  if (daemonReadahead === null) return null;
  const { memory, windowBytes } = daemonReadahead;
  return {
    thread: acquire("prefetch", { readahead: memory, inodes, connection, windowBytes } satisfies PrefetchData),
    end: () => new DaemonReadahead(memory, new InodeTable(inodes), windowBytes).end(),
  };
}
