import { randomUUID } from "node:crypto";
import { existsSync, linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { isAlive, ownIdentity } from "../../linux/proc/process-identity.js";
import { type Leftover, noteContent } from "./leftover.js";
import { isTrusted, makeNotesFolder, notesFolder, removeIfEmpty } from "./notes-folder.js";

// Notes of the things that a command must take back before it ends: a kernel knob that it changed, a process that it started, a
// folder that it made. A command that is killed leaves its notes, and the next one takes those things back: see clean-up.ts.

/** The name of the note's file. A knob has one file, so that two processes can't note the same knob. */
function fileNameOf(wanted: Leftover): string {
  return wanted.kind === "knob" ? `${wanted.knob.slice(1).replaceAll("/", "+")}.json` : `${wanted.kind}-${randomUUID()}.json`;
}

function read(path: string): z.infer<typeof noteContent> | null {
  try {
    return noteContent.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

/** The process that has noted a knob; null where none has. */
export function ownerOfKnob(path: string): number | null {
  return read(join(notesFolder(), fileNameOf({ kind: "knob", knob: path, was: "" })))?.owner.pid ?? null;
}

/** A note on disk, until it is forgotten. */
export interface Note {
  forget(): void;
}

function forgetting(path: string): Note {
  return {
    forget() {
      rmSync(path, { force: true });
      removeIfEmpty();
    },
  };
}

/**
 * Notes something before it exists, or before it can do anything. The note appears whole or not at all (link(2) of a finished
 * file), and only where there is none of the same name.
 *
 * @throws where no note can be made
 */
export function takeNote(wanted: Leftover): Note {
  const path = join(notesFolder(), fileNameOf(wanted));
  const beside = `${path}.${process.pid}`;
  const content = JSON.stringify({ ...wanted, owner: ownIdentity() });
  makeNotesFolder();
  try {
    writeFileSync(beside, content);
    linkSync(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
  return forgetting(path);
}

/** Notes something, if possible: a host without a place for notes can still measure. */
export function tryToNote(wanted: Leftover): Note {
  try {
    return takeNote(wanted);
  } catch {
    return { forget() {} };
  }
}

/** A note whose command was killed. */
export interface AbandonedNote extends Note {
  readonly leftover: Leftover;
  /** The boot in which it was taken. */
  readonly bootId: string;
}

/** The notes of all commands of this user that were killed. */
export function abandonedNotes(): AbandonedNote[] {
  const directory = notesFolder();
  if (!isTrusted(directory)) return [];
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    const writer = /\.json\.(\d+)$/.exec(name)?.[1];
    if (writer !== undefined) {
      removeUnfinished(path, Number(writer));
      return [];
    }
    const known = read(path);
    if (known === null || isAlive(known.owner)) return [];
    const { owner, ...leftover } = known;
    const { forget } = forgetting(path);
    return [
      {
        leftover,
        bootId: owner.bootId,
        // Another command may have forgotten it meanwhile, and a third have noted the same knob.
        forget: () => (read(path)?.owner.pid === owner.pid ? forget() : undefined),
      },
    ];
  });
}

function removeUnfinished(path: string, writer: number): void {
  if (!existsSync(`/proc/${writer}`)) rmSync(path, { force: true });
}
