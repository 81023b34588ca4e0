import { type Transferable, Worker } from "node:worker_threads";

/** The scripts of threads, by their names in this folder. */
type Script = "worker" | "deferred" | "prefetch" | "watcher";

/** Threads whose mounts have ended. */
const idle: Record<Script, Worker[]> = { worker: [], deferred: [], prefetch: [], watcher: [] };

/** A thread at work for one mount. */
export interface Hired {
  /** Settles when it serves, or has already done its work. Rejects where it failed. */
  readonly ready: Promise<void>;
  /** Settles when its work is done. Rejects where it failed: then it is gone. */
  readonly done: Promise<void>;
}

/**
 * Has a thread work for a mount: one whose mount has ended, or a new one. Threads are kept because koffi (3.3.4) gives nothing back of what
 * it takes for one, some 48 KiB: a process that mounts all day would grow.
 * An idle thread does not keep the process alive.
 *
 * @param data plain data, and ports to other threads, which are in `transfer` too
 */
export function hire(script: Script, data: unknown, transfer: readonly Transferable[] = []): Hired {
  // The host program's own flags of Node (--eval, --inspect) are not for these threads.
  const thread = idle[script].pop() ?? new Worker(new URL(`./${script}.js`, import.meta.url), { execArgv: [] });
  thread.ref();
  let isReady = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const done = new Promise<void>((resolve, reject) => {
    const over = () => {
      thread.off("message", hear).off("error", fail).off("exit", end);
    };
    const hear = (message: unknown) => {
      if (message === "ready") isReady();
      if (message !== "done") return;
      over();
      thread.unref();
      idle[script].push(thread);
      resolve();
    };
    const fail = (error: unknown) => {
      over();
      reject(error);
    };
    const end = () => {
      over();
      resolve();
    };
    thread.on("message", hear).on("error", fail).on("exit", end);
  });
  thread.postMessage(data, transfer);
  return { ready: Promise.race([ready, done]), done };
}
