import { FusemeterError } from "../../errors.js";

/** The error of a tree, a layer or a manifest that can't be used. Names from outside are quoted, and cut where they are long. */
export function badManifest(problem: string, reason: string | null = null, cause?: unknown): FusemeterError {
  return new FusemeterError({ code: "BAD_MANIFEST", fault: "use", problem, reason, cause });
}

const MOST_SHOWN = 80;

/** A text from outside for a message: on one line, without control characters, at most 80 characters of it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);
}
