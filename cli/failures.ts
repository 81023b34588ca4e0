import { CommanderError } from "commander";
import { FusemeterError } from "../errors.js";
import type { Outcome } from "./exit-codes.js";

/** The error of a scope that failed, and whose resources could not be released either. */
interface Suppressed extends Error {
  /** The later one: from the release. */
  readonly error: unknown;
  /** The earlier one: from the scope. */
  readonly suppressed: unknown;
}

/** Recognises the class by its name: Node 20 lacks it, and tsc's helper for `using` then makes a plain Error of that name. */
function isSuppressed(thrown: unknown): thrown is Suppressed {
  return thrown instanceof Error && thrown.name === "SuppressedError" && "error" in thrown && "suppressed" in thrown;
}

/** Every error inside of a thrown one, in the order in which they were thrown. */
function errorsIn(thrown: unknown): unknown[] {
  return isSuppressed(thrown) ? [...errorsIn(thrown.suppressed), ...errorsIn(thrown.error)] : [thrown];
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof FusemeterError) return error.fault;
  // Help and version are thrown too, with the exit code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? "done" : "use";
  return "internal";
}

function linesOf(error: unknown): string[] {
  if (error instanceof FusemeterError) return [`fusemeter: ${error.message}`];
  // Commander prints its errors itself.
  if (error instanceof CommanderError) return [];
  return [
    `fusemeter: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    "fusemeter: this is a defect of fusemeter. Please report it, with the lines above and the command.",
  ];
}

/**
 * Prints a thrown error, and each error that it hides, on standard error. The first error that fusemeter foresaw decides the
 * outcome; without one it is an internal error.
 */
export function reportFailure(thrown: unknown): Outcome {
  const errors = errorsIn(thrown);
  for (const line of errors.flatMap(linesOf)) console.error(line);
  return errors.map(outcomeOf).find((outcome) => outcome !== "internal") ?? "internal";
}

/**
 * Prints the errors of a command that a signal ended. The abort itself is no error; a release of resources that failed behind it
 * is one.
 */
export function reportReleaseFailures(thrown: unknown): void {
  for (const line of errorsIn(thrown).slice(1).flatMap(linesOf)) console.error(line);
}
