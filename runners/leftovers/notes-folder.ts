import { lstatSync, mkdirSync, rmdirSync } from "node:fs";
import { isRoot } from "../../linux/libc/is-root.js";

/** Memory that a boot clears, as it resets the knobs. Users other than root have no place there. */
const ROOTS_NOTES = "/run/fusemeter";

/** The directory of this user's notes. */
export function notesFolder(): string {
  return isRoot() ? ROOTS_NOTES : `/tmp/fusemeter-notes-${process.getuid?.()}`;
}

/** True where the folder is this user's own and nobody else may write to it: notes name processes to end and folders to remove. */
export function isTrusted(path: string): boolean {
  try {
    const { uid, mode } = lstatSync(path);
    return uid === process.getuid?.() && (mode & 0o170022) === 0o040000;
  } catch {
    return false;
  }
}

/** @throws where the folder can't be made, or is not this user's own */
export function makeNotesFolder(): void {
  const path = notesFolder();
  mkdirSync(path, { recursive: true, mode: 0o755 });
  if (!isTrusted(path)) throw new Error(`${path} belongs to another user, or others may write to it`);
}

/** Removes a user's own folder with its last note. Root's stays. */
export function removeIfEmpty(): void {
  if (isRoot()) return;
  try {
    rmdirSync(notesFolder());
  } catch {
    // Another command has a note in it.
  }
}
