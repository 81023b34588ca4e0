import { setTimeout as sleep } from "node:timers/promises";

/**
 * Frees a load that waits for a hung daemon: after a time, and at once when a signal aborts. A process in a system call to a daemon
 * dies only when the connection does. Disposing ends the watch, and waits for a release that has begun.
 *
 * @param release for instance the abort of the FUSE connection
 */
export function releaseOnHang(limitMs: number, signal: AbortSignal, release: () => void): AsyncDisposable {
  const finished = new AbortController();
  const expired = sleep(limitMs, undefined, { signal: finished.signal }).then(release, () => {});
  const onAbort = () => release();
  signal.addEventListener("abort", onAbort, { once: true });
  return {
    async [Symbol.asyncDispose]() {
      finished.abort();
      signal.removeEventListener("abort", onAbort);
      await expired;
    },
  };
}
