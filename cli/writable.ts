import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { FusemeterError, messageOf } from "../errors.js";

/** The nearest part of a path that exists: the thing itself, or the directory in which it would be made. */
export function existingPartOf(path: string): string {
  const whole = resolve(path);
  return existsSync(whole) ? whole : existingPartOf(dirname(whole));
}

/**
 * Makes sure, before anything is measured, that a file or a directory can be written afterwards.
 *
 * @param option the option that chooses the path
 * @throws {FusemeterError} `NOT_WRITABLE`
 */
export function checkWritable(path: string, option: string): void {
  const part = existingPartOf(path);
  try {
    accessSync(part, constants.W_OK);
    if (part !== resolve(path) && !statSync(part).isDirectory()) throw new Error(`${part} is not a directory`);
  } catch (cause) {
    throw new FusemeterError({
      code: "NOT_WRITABLE",
      fault: "use",
      problem: `${path} can't be written`,
      reason: messageOf(cause),
      remedy: `choose another place with --${option}`,
      cause,
    });
  }
}
