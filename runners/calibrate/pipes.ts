import { type ChildProcess, execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readProcessStat } from "../../linux/proc/process-stat.js";
import { tryToNote } from "../leftovers/notes.js";

const patienceMs = 5000;

/** Two named pipes whose names are removed at once. Each of two ends reads from one and writes to the other. */
export function makePipes(): { there: number; back: number } & Disposable {
  const folder = join(realpathSync(tmpdir()), `fusemeter-pipes-${randomUUID()}`);
  const note = tryToNote({ kind: "folder", path: folder, madeAbove: null });
  try {
    mkdirSync(folder);
    const names = ["there", "back"].map((name) => join(folder, name));
    execFileSync("mkfifo", names);
    // Both are opened for reading and writing: open(2) for one direction would wait for the other.
    const [there = -1, back = -1] = names.map((name) => openSync(name, "r+"));
    return {
      there,
      back,
      [Symbol.dispose]() {
        closeSync(there);
        closeSync(back);
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    note.forget();
  }
}

/** Waits until a process sleeps in its first read. */
export async function untilAsleep(dd: ChildProcess): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  while (performance.now() < deadlineMs && dd.exitCode === null) {
    const { name, state } = readProcessStat(`/proc/${dd.pid}`);
    if (name === "dd" && state === "S") return;
    await sleep(1);
  }
  throw new Error("dd did not start to read");
}
