import { readFileSync, writeFileSync } from "node:fs";
import { FusemeterError, messageOf } from "../../errors.js";
import { checkFree, forgetKnob, noteKnob } from "./notes.js";

/** What this process has changed and not put back yet: the knob, and what it said. */
const changed = new Map<string, string>();

function putBack(knob: string): void {
  const was = changed.get(knob);
  if (was === undefined) return;
  try {
    writeFileSync(knob, was);
  } catch (error) {
    // A device that is gone took its knob along.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  changed.delete(knob);
  forgetKnob(knob);
}

// A program that ends by an error, or by process.exit, disposes of nothing. A SIGKILL leaves the notes to the next command.
process.on("exit", () => {
  for (const knob of changed.keys()) putBack(knob);
});

/**
 * Sets a knob of the kernel that outlives this process: a file below /sys or /proc. What it said is noted before, and put
 * back when the result is disposed of, when the program ends, or by the next command after a SIGKILL. A knob that already
 * says the value is left alone.
 *
 * @throws {FusemeterError} KNOB_NOT_CHANGED where the kernel or the rights refuse, KNOB_BUSY where another process has it
 *   changed
 */
export function setKnob(knob: string, value: string): Disposable {
  try {
    const was = readFileSync(knob, "utf8").trim();
    if (was === value) {
      // What this process has set itself stays so for as long as its first setter wants it.
      if (!changed.has(knob)) checkFree(knob);
      return { [Symbol.dispose]() {} };
    }
    noteKnob(knob, was);
    try {
      writeFileSync(knob, value);
    } catch (error) {
      forgetKnob(knob);
      throw error;
    }
    changed.set(knob, was);
  } catch (cause) {
    if (cause instanceof FusemeterError) throw cause;
    throw new FusemeterError({
      code: "KNOB_NOT_CHANGED",
      fault: "host",
      problem: `${knob} can't be set to ${value}`,
      reason: messageOf(cause),
      remedy: "run as root on a kernel that has it, with /sys writable",
      cause,
    });
  }
  return { [Symbol.dispose]: () => putBack(knob) };
}
