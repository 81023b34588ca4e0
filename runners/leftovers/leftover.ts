import { z } from "zod";

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

const startedProcess = z.object({
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

const leftover = z.union([startedProcess, folder, knob]);

/** A thing that a command must take back before it ends. Mounts have no kind of their own: they lie in a folder. */
export type Leftover = z.infer<typeof leftover>;
export type LeftoverOf<Kind extends Leftover["kind"]> = Extract<Leftover, { kind: Kind }>;

/** The content of a note's file: a leftover, and the command that must take it back. */
export const noteContent = z.intersection(leftover, z.object({ owner: identity }));
