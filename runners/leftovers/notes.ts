import { randomUUID } from "node:crypto";
import { existsSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isRoot } from "../../linux/libc/is-root.js";
import { isAlive, ownIdentity } from "../../linux/proc/process-identity.js";

/**
 * Notes of the things that a command must take back before it ends: a kernel knob that it changed, a process that it started, a
 * folder that it made. A command that is killed leaves its notes, and the next one takes those things back: see clean-up.ts.
 */
const identity = z.object({
  bootId: z.string(),
  pid: z.int(),
  pidNamespace: z.string().optional(),
  startTicks: z.string(),
});

const knob = z.object({
  // Notes of earlier versions name no kind.
  kind: z.literal("knob").default("knob"),
  /** An absolute path below /sys or /proc. */
  knob: z.string(),
  /** The value before the change. */
  was: z.string(),
});

const process_ = z.object({
  kind: z.literal("process"),
  /** The first process of the start; null where the note was taken before it. */
  process: identity.nullable(),
  /** The value of the variable MARK (mark.ts) in the environment of the process and of all that descends from it. */
  mark: z.string(),
});

const folder = z.object({
  kind: z.literal("folder"),
  /** Absolute, without symbolic links. All files and mounts in it are ours. */
  path: z.string(),
  /** A directory above it that was made for it, and is removed with it once it is empty. */
  madeAbove: z.string().nullable(),
});

const leftover = z.union([process_, folder, knob]);
const note = z.intersection(leftover, z.object({ owner: identity }));

export type Leftover = z.infer<typeof leftover>;
export type LeftoverOf<Kind extends Leftover["kind"]> = Extract<Leftover, { kind: Kind }>;

/** Memory that a boot clears, as it resets the knobs. Users other than root have no place there. */
const ROOTS_NOTES = "/run/fusemeter";

function notesFolder(): string {
  return isRoot() ? ROOTS_NOTES : `/tmp/fusemeter-notes-${process.getuid?.()}`;
}

/** The name of the note's file. A knob has one file, so that two processes can't note the same knob. */
function fileNameOf(wanted: Leftover): string {
  return wanted.kind === "knob" ? `${wanted.knob.slice(1).replaceAll("/", "+")}.json` : `${wanted.kind}-${randomUUID()}.json`;
}

/** True where the folder is this user's own and nobody else may write to it: notes name processes to end and folders to remove. */
function isTrusted(path: string): boolean {
  try {
    const { uid, mode } = lstatSync(path);
    return uid === process.getuid?.() && (mode & 0o170022) === 0o040000;
  } catch {
    return false;
  }
}

function read(path: string): z.infer<typeof note> | null {
  try {
    return note.parse(JSON.parse(readFileSync(path, "utf8")));
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
      // A user's own folder of notes goes with its last note.
      if (!isRoot()) removeIfEmpty(notesFolder());
    },
  };
}

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Another command has a note in it.
  }
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
  mkdirSync(notesFolder(), { recursive: true, mode: 0o755 });
  if (!isTrusted(notesFolder())) throw new Error(`${notesFolder()} belongs to another user, or others may write to it`);
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
