import { readFileSync, writeFileSync } from "node:fs";
import { FusemeterError, messageOf } from "../../errors.js";
import { type Note, ownerOfKnob, takeNote } from "../leftovers/notes.js";

/** The knobs that this process has changed and not put back yet: the value before, and its note. */
const changed = new Map<string, { readonly was: string; readonly note: Note }>();

function putBack(knob: string): void {
  const known = changed.get(knob);
  if (known === undefined) return;
  try {
    writeFileSync(knob, known.was);
  } catch (error) {
    // The knob of a device goes with the device.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  changed.delete(knob);
  known.note.forget();
}

// A program that ends by an error, or by process.exit, disposes of nothing. A SIGKILL leaves the notes to the next command.
process.on("exit", () => {
  for (const knob of changed.keys()) putBack(knob);
});

/** @throws {FusemeterError} KNOB_BUSY where a process has the knob changed */
function checkFree(knob: string): void {
  const owner = ownerOfKnob(knob);
  if (owner === null) return;
  throw new FusemeterError({
    code: "KNOB_BUSY",
    fault: "host",
    problem: `process ${owner} has changed ${knob} and will put it back`,
    remedy: "wait for its end, or measure another device",
  });
}

/** @throws {FusemeterError} KNOB_BUSY where another process has it changed, KNOB_NOT_NOTED where no note can be made */
function noteKnob(knob: string, was: string): Note {
  try {
    return takeNote({ kind: "knob", knob, was });
  } catch (cause) {
    checkFree(knob);
    throw new FusemeterError({
      code: "KNOB_NOT_NOTED",
      fault: "host",
      problem: `${knob} is not changed, because its value can't be noted on disk`,
      reason: messageOf(cause),
      remedy: "run as root, with a writable /run",
      cause,
    });
  }
}

/**
 * Sets a knob of the kernel that outlives this process: a file below /sys or /proc. Its value is noted before, and put back
 * when the result is disposed of, when the program ends, or by the next command after a SIGKILL. A knob that already has the
 * value is left alone.
 *
 * @throws {FusemeterError} KNOB_NOT_CHANGED where the kernel or the rights refuse, KNOB_BUSY where another process has it
 *   changed, KNOB_NOT_NOTED where its value can't be noted
 */
export function setKnob(knob: string, value: string): Disposable {
  try {
    const was = readFileSync(knob, "utf8").trim();
    if (was === value) {
      // A knob that this process has set itself stays so for as long as its first setter wants it.
      if (!changed.has(knob)) checkFree(knob);
      return { [Symbol.dispose]() {} };
    }
    const note = noteKnob(knob, was);
    try {
      writeFileSync(knob, value);
    } catch (error) {
      note.forget();
      throw error;
    }
    changed.set(knob, { was, note });
  } catch (cause) {
    if (cause instanceof FusemeterError) throw cause;
    throw new FusemeterError({
      code: "KNOB_NOT_CHANGED",
      fault: "host",
      problem: `${knob} can't be set to ${value}`,
      reason: messageOf(cause),
      remedy: "run as root, with /sys writable, on a kernel that has this knob",
      cause,
    });
  }
  return { [Symbol.dispose]: () => putBack(knob) };
}
