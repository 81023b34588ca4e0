import { PassingFault } from "./errors.js";
import { onAbort } from "./on-abort.js";

/**
 * Runs something with a signal that also fires after a time.
 *
 * @throws {PassingFault} after the time
 */
export async function within<T>(limitMs: number, signal: AbortSignal, run: (limited: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const forward = () => controller.abort(signal.reason);
  const ignore = onAbort(signal, forward);
  const timer = setTimeout(() => controller.abort(), limitMs);
  try {
    if (signal.aborted) forward();
    return await run(controller.signal);
  } catch (cause) {
    signal.throwIfAborted();
    if (!controller.signal.aborted) throw cause;
    throw new PassingFault(`it took longer than ${Math.round(limitMs / 1000)} s`, { cause });
  } finally {
    clearTimeout(timer);
    ignore();
  }
}
