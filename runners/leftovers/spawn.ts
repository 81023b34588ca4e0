import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { MARK } from "./mark.js";
import { tryToNote } from "./notes.js";

/** The `spawn` of node:child_process, with a note: if this command is killed, the next one ends the process. */
export function spawnNoted(command: string, words: readonly string[], options: SpawnOptions): ChildProcess {
  const mark = randomUUID();
  const note = tryToNote({ kind: "process", process: null, mark });
  const child = spawn(command, words, { ...options, env: { ...process.env, ...options.env, [MARK]: mark } });
  child.once("close", () => note.forget());
  return child;
}
