import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { FusemeterError } from "../../errors.js";
import { bootId, isAlive, ownIdentity } from "../../linux/proc/process-identity.js";

/** Memory that a boot clears, as it resets the knobs. */
const NOTES = "/run/fusemeter";

const note = z.object({
  /** The knob: an absolute path below /sys or /proc. */
  knob: z.string(),
  /** What it said before. */
  was: z.string(),
  owner: z.object({ bootId: z.string(), pid: z.int(), pidNamespace: z.string().optional(), startTicks: z.string() }),
});

type Note = z.infer<typeof note>;

/** One file a knob, named after it: two processes can't note the same one. */
function noteOf(knob: string): string {
  return join(NOTES, `${knob.slice(1).replaceAll("/", "+")}.json`);
}

function readNote(path: string): Note | null {
  try {
    return note.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

function putBack({ knob, was, owner }: Note): void {
  // A device that is gone took its knob along; a boot has reset all of them.
  if (owner.bootId === bootId() && existsSync(knob)) writeFileSync(knob, was);
}

/** @throws {FusemeterError} KNOB_BUSY where a process has the knob changed */
export function checkFree(knob: string): void {
  const owner = readNote(noteOf(knob))?.owner;
  if (owner === undefined) return;
  throw new FusemeterError({
    code: "KNOB_BUSY",
    exitCode: 3,
    problem: `process ${owner.pid} has changed ${knob} and will put it back`,
    remedy: "wait for its end, or measure another device",
  });
}

/**
 * Notes what a knob says, before it is changed. The note appears whole or not at all (link(2) of a finished file), and only
 * where there is none.
 *
 * @throws {FusemeterError} KNOB_BUSY where another process has it changed, KNOB_NOT_NOTED where no note can be made
 */
export function noteKnob(knob: string, was: string): void {
  const path = noteOf(knob);
  const beside = `${path}.${process.pid}`;
  try {
    mkdirSync(NOTES, { recursive: true });
    writeFileSync(beside, JSON.stringify({ knob, was, owner: ownIdentity() } satisfies Note));
    linkSync(beside, path);
  } catch (cause) {
    checkFree(knob);
    throw new FusemeterError({
      code: "KNOB_NOT_NOTED",
      exitCode: 3,
      problem: `${knob} is not changed, because what it says can't be noted in ${NOTES}`,
      remedy: "run as root, with a writable /run",
      cause,
    });
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Forgets what a knob said, once it says so again. */
export function forgetKnob(knob: string): void {
  rmSync(noteOf(knob), { force: true });
}

/**
 * Puts back every knob whose process was killed before it could do so. What can't be put back (without root) stays noted.
 *
 * @returns the knobs that were put back
 */
export function restoreAbandonedKnobs(): string[] {
  let names: string[];
  try {
    names = readdirSync(NOTES);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const path = join(NOTES, name);
    const unfinished = /\.json\.(\d+)$/.exec(name)?.[1];
    try {
      if (unfinished !== undefined) {
        if (!existsSync(`/proc/${unfinished}`)) rmSync(path, { force: true });
        return [];
      }
      const known = readNote(path);
      if (known === null || isAlive(known.owner)) return [];
      putBack(known);
      // Another command may have done the same meanwhile, and a third have noted the knob anew.
      if (readNote(path)?.owner.pid === known.owner.pid) rmSync(path, { force: true });
      return [known.knob];
    } catch {
      return [];
    }
  });
}
