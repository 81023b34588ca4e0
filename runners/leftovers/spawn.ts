import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { MARK } from "./mark.js";
import { tryToNote } from "./notes.js";

/** spawn(3) of node:child_process, noted: the next command ends the process where this one is killed before it. */
export function spawnNoted(command: string, words: readonly string[], options: SpawnOptions): ChildProcess {
  const mark = randomUUID();
  const note = tryToNote({ kind: "process", process: null, mark });
  const child = spawn(command, words, { ...options, env: { ...process.env, ...options.env, [MARK]: mark } });
  child.once("close", () => note.forget());
  return child;
}
