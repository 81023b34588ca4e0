import { type EndingSignal, endingSignals } from "./exit-codes.js";

/**
 * Turns SIGINT, SIGTERM and SIGHUP into an abort, so that everything can be put back before the program ends. The signal's
 * name is the abort's reason. Further signals change nothing: the release of resources takes seconds at most.
 */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of endingSignals) process.on(signal, () => controller.abort(signal));
  return controller.signal;
}

/** The signal behind an abort of `abortOnSignals`, or null for any other. */
export function endingSignal(signal: AbortSignal): EndingSignal | null {
  return endingSignals.find((name) => signal.aborted && signal.reason === name) ?? null;
}
