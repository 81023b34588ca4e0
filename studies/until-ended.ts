import { constants } from "node:os";
import { FusemeterError } from "../errors.js";

const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a study to its end, or until a signal asks for it: the study's own signal is then aborted, its `await using` releases
 * what it holds, and the process ends with 128 + the number of the signal.
 *
 * @param study is given the signal to pass on; returns the exit code
 */
export async function untilEnded(study: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const controller = new AbortController();
  for (const name of ENDING_SIGNALS) process.on(name, () => controller.abort(name));
  const { signal } = controller;
  try {
    process.exitCode = await study(signal);
  } catch (error) {
    if (signal.aborted) {
      console.error(`ended by ${signal.reason}`);
      process.exitCode = 128 + constants.signals[signal.reason as (typeof ENDING_SIGNALS)[number]];
    } else if (error instanceof FusemeterError) {
      console.error(error.message);
      process.exitCode = 3;
    } else {
      throw error;
    }
  }
}
