import { setMaxListeners } from "node:events";

/**
 * Calls something when a signal aborts. Many may wait on one signal: that is no leak, so Node's warning is switched off for it.
 *
 * @returns a function that takes the call back
 */
export function onAbort(signal: AbortSignal, call: () => void): () => void {
  setMaxListeners(0, signal);
  signal.addEventListener("abort", call, { once: true });
  return () => signal.removeEventListener("abort", call);
}
