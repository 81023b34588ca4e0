import { setMaxListeners } from "node:events";
import { PassingFault } from "./errors.js";

/**
 * Runs something with a signal that also fires after a time.
 *
 * @throws {PassingFault} after the time
 */
export async function within<T>(limitMs: number, signal: AbortSignal, run: (limited: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const fault = new PassingFault(`it took longer than ${Math.round(limitMs / 1000)} s`);
  const timer = setTimeout(() => controller.abort(fault), limitMs);
  try {
    return await withEither(signal, controller.signal, run);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs something with a signal that fires with the first of two. @throws that signal's reason after an abort */
export async function withEither<T>(one: AbortSignal, other: AbortSignal, run: (either: AbortSignal) => Promise<T>): Promise<T> {
  // AbortSignal.any() of Node 20 keeps its results for as long as its sources live.
  const controller = new AbortController();
  const ends = [one, other].map((signal) => {
    const forward = () => controller.abort(signal.reason);
    if (signal.aborted) forward();
    return onAbort(signal, forward);
  });
  try {
    controller.signal.throwIfAborted();
    return await run(controller.signal);
  } catch (cause) {
    controller.signal.throwIfAborted();
    throw cause;
  } finally {
    for (const end of ends) end();
  }
}

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
