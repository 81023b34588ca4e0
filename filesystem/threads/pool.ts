import { type Transferable, Worker } from "node:worker_threads";

/** The scripts of threads, by their names in this folder. */
type Script = "worker" | "deferred" | "prefetch" | "watcher";

/** Threads whose mounts have ended. */
const idle: Record<Script, Worker[]> = { worker: [], deferred: [], prefetch: [], watcher: [] };

/** A thread at work for one mount. */
export interface Lease {
  /** Settles when the thread serves, or has already done its work. Rejects if it failed. */
  readonly ready: Promise<void>;
  /** Settles when its work is done. Rejects if it failed: the thread is then gone. */
  readonly done: Promise<void>;
}

/**
 * A new thread, which leaves the idle ones when it ends. An error of an idle thread (a policy's timer, for instance) becomes a
 * warning: without a listener it would end the program.
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
 * Gives a thread to a mount: an idle one, or a new one. Threads are kept because koffi (3.3.4) never frees the 48 KiB that it
 * allocates for each: a process that mounts all day would grow. An idle thread does not keep the process alive.
 *
 * @param data plain data, and ports to other threads, which are in `transfer` too
 */
export function acquire(script: Script, data: unknown, transfer: readonly Transferable[] = []): Lease {
  const thread = idle[script].pop() ?? start(script);
  thread.ref();
  let isReady = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const done = new Promise<void>((resolve, reject) => {
    let failure: Error | null = null;
    const stopListening = () => {
      thread.off("message", hear).off("error", fail).off("exit", end);
    };
    const hear = (message: unknown) => {
      if (message === "ready") isReady();
      if (message !== "done") return;
      stopListening();
      // An error after the work was done concerns nobody's mount; the thread is about to end.
      if (failure === null) {
        thread.unref();
        idle[script].push(thread);
      } else process.emitWarning(failure);
      resolve();
    };
    // An error may be told before a message that was sent earlier. Every message is told before the exit.
    const fail = (error: Error) => {
      failure = error;
    };
    const end = (exitCode: number) => {
      stopListening();
      reject(failure ?? new Error(`a ${script} thread has ended (exit code ${exitCode}) before its mount`));
    };
    thread.on("message", hear).on("error", fail).on("exit", end);
  });
  thread.postMessage(data, transfer);
  return { ready: Promise.race([ready, done]), done };
}
