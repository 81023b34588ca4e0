import { MessageChannel, Worker } from "node:worker_threads";
import { DaemonReadahead } from "./daemon-readahead.js";
import { InodeTable } from "./inodes.js";
import type { PusherData } from "./pusher.js";
import type { Role } from "./roles.js";
import type { ThreadData } from "./thread-data.js";
import type { WaiterData } from "./waiter.js";
import type { WorkerData } from "./worker.js";

/** The host program's own flags of Node (--eval, --inspect) are not for these threads. */
const plain = { execArgv: [] };

/** The end of a mount's threads, in an object: a promise alone would be waited for by `await`. */
export interface Threads {
  /** Settles when the connection ended and all threads are gone. Rejects where one of them failed. */
  readonly ended: Promise<void>;
}

/**
 * Starts the workers and the waiter that they share.
 *
 * @param abort ends the connection: called where a thread fails, since what it was serving would never be answered
 */
export async function startThreads(roles: readonly Role[], shared: ThreadData, abort: () => void): Promise<Threads> {
  const channels = roles.map((role) => ({ role, channel: new MessageChannel() }));
  const ports = channels.map(({ channel }) => channel.port1);
  const waiterData: WaiterData = { ...shared, ports };
  const waiter = new Worker(new URL("./waiter.js", import.meta.url), { ...plain, workerData: waiterData, transferList: ports });
  const workers = channels.map(({ role, channel: { port2 } }, worker) => {
    const workerData: WorkerData = { ...shared, role, worker, waiter: port2 };
    return new Worker(new URL("./worker.js", import.meta.url), { ...plain, workerData, transferList: [port2] });
  });
  const pusher = startPusher(shared);
  const all = [waiter, ...workers, ...(pusher === null ? [] : [pusher.thread])];
  // Listened for from the start: who is quick has used the mount and unmounted it before the last thread is ready.
  const workersEnd = Promise.all(workers.map(exit));
  const waiterEnd = exit(waiter);
  const pusherEnd = pusher === null ? null : exit(pusher.thread);
  try {
    await Promise.all(all.map(ready));
  } catch (error) {
    // A worker that already reads returns only when the connection ends.
    abort();
    await Promise.all(all.map((thread) => thread.terminate()));
    throw error;
  }
  let failure: unknown;
  for (const thread of all) {
    thread.once("error", (error) => {
      failure ??= error;
      abort();
    });
  }
  const ended = (async () => {
    await workersEnd;
    waiter.postMessage("end");
    await waiterEnd;
    pusher?.end();
    await pusherEnd;
    if (failure !== undefined) throw failure;
  })();
  return { ended };
}

/** The thread of readahead by the daemon, where it does any. */
function startPusher({ daemonReadahead, inodes, connection }: ThreadData): { thread: Worker; end(): void } | null {
  if (daemonReadahead === null) return null;
  const { memory, windowBytes } = daemonReadahead;
  const workerData: PusherData = { readahead: memory, inodes, connection, windowBytes };
  return {
    thread: new Worker(new URL("./pusher.js", import.meta.url), { workerData }),
    end: () => new DaemonReadahead(memory, new InodeTable(inodes), windowBytes).end(),
  };
}

/** Settles when a thread serves, or has already ended because the connection has. */
function ready(thread: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    thread.once("message", () => resolve());
    thread.once("exit", () => resolve());
    thread.once("error", reject);
  });
}

function exit(thread: Worker): Promise<void> {
  return new Promise((resolve) => thread.once("exit", () => resolve()));
}
