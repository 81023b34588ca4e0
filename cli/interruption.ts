/** What ended the program from outside, and the exit code that tells so (128 + the signal's number). */
export const exitCodeOf = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

type EndingSignal = keyof typeof exitCodeOf;

/**
 * Turns SIGINT, SIGTERM and SIGHUP into an abort, so that everything can be put back before the program ends. The signal's
 * name is the abort's reason. Further signals while that goes on change nothing: cleaning up takes seconds at most.
 */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of Object.keys(exitCodeOf) as EndingSignal[]) {
    process.on(signal, () => controller.abort(signal));
  }
  return controller.signal;
}

/** The signal behind an abort of `abortOnSignals`, or null for any other. */
export function endingSignal(signal: AbortSignal): EndingSignal | null {
  return signal.aborted && Object.hasOwn(exitCodeOf, signal.reason) ? signal.reason : null;
}
