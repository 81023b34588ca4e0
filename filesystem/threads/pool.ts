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
 * A new thread, which leaves the idle ones when it ends. An error of an idle thread (a policy's timer, for instance) is a warning:
 * without a listener it would end the program.
 */
function start(script: Script): Worker {
  // Flags of Node that the host program was started with (--eval, --inspect) are not for these threads.
  const thread = new Worker(new URL(`./${script}.js`, import.meta.url), { execArgv: [] });
  const leave = () => {
    const at = idle[script].indexOf(thread);
    if (at >= 0) idle[script].splice(at, 1);
    return at >= 0;
  };
  return thread
    .on("error", (error) => {
      if (leave()) process.emitWarning(error);
    })
    .on("exit", leave);
}

/**
 * Has a thread work for a mount: one whose mount has ended, or a new one. Threads are kept because koffi (3.3.4) gives nothing back of what
 * it takes for one, some 48 KiB: a process that mounts all day would grow.
 * An idle thread does not keep the process alive.
 *
 * @param data plain data, and ports to other threads, which are in `transfer` too
 */
export function hire(script: Script, data: unknown, transfer: readonly Transferable[] = []): Hired {
  const thread = idle[script].pop() ?? start(script);
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
    const end = (exitCode: number) => fail(new Error(`a ${script} thread has ended (exit code ${exitCode}) before its mount`));
    thread.on("message", hear).on("error", fail).on("exit", end);
  });
  thread.postMessage(data, transfer);
  return { ready: Promise.race([ready, done]), done };
}
