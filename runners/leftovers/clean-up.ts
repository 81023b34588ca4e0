import { existsSync, writeFileSync } from "node:fs";
import { abortConnection } from "../../linux/mounts/abort.js";
import { mountsBelow } from "../../linux/mounts/mountinfo.js";
import { bootId } from "../../linux/proc/process-identity.js";
import { readText } from "../../linux/proc/text-file.js";
import { removeFolder } from "./folder.js";
import type { Leftover, LeftoverOf } from "./leftover.js";
import { type AbandonedNote, abandonedNotes } from "./notes.js";
import { endProcesses, processesOf, startOf } from "./started-processes.js";

/** Our daemons unmount at SIGTERM; a load has nothing to save. */
const GRACE_MS = 500;

/** Takes one leftover back. @returns a line for the user; null where nothing was left */
type TakeBack<Kind extends Leftover["kind"]> = (leftover: LeftoverOf<Kind>, isThisBoot: boolean) => Promise<string | null>;

const putBackKnob: TakeBack<"knob"> = async ({ knob, was }, isThisBoot) => {
  // The knob of a device goes with the device, and a boot resets all knobs.
  if (!isThisBoot || !existsSync(knob)) return null;
  writeFileSync(knob, was);
  return `put ${knob} back, which a command that was killed had changed`;
};

const endStarted: TakeBack<"process"> = async ({ process, mark }, isThisBoot) => {
  if (!isThisBoot) return null;
  const start = startOf(process, mark);
  const left = processesOf(start);
  if (left.length === 0) return null;
  const names = left.map(({ pid }) => `${pid} (${readText(`/proc/${pid}/comm`) ?? "ended"})`).join(", ");
  if (!(await endProcesses(start, GRACE_MS))) throw new Error(`${names} did not end`);
  return `ended process ${names}, left by a command that was killed`;
};

const takeFolder: TakeBack<"folder"> = async ({ path, madeAbove }) => {
  if (!existsSync(path)) return null;
  const mounts = mountsBelow(path);
  if (!(await removeFolder(path, madeAbove))) throw new Error(`a mount in ${path} stays`);
  const unmounted = mounts.length === 0 ? "" : `unmounted ${mounts.join(", ")} and `;
  return `${unmounted}removed ${path}, left by a command that was killed`;
};

function isOf<Kind extends Leftover["kind"]>(kind: Kind) {
  return (note: AbandonedNote): note is AbandonedNote & { leftover: LeftoverOf<Kind> } => note.leftover.kind === kind;
}

/**
 * Takes back everything that killed commands left. A leftover that can't be taken back (without root, or because a mount stays)
 * stays noted for the next command.
 *
 * @returns a line for each thing that was taken back
 */
export async function cleanUpLeftovers(): Promise<string[]> {
  const notes = abandonedNotes();
  const lines: string[] = [];
  const takeBack = async <Kind extends Leftover["kind"]>(kind: Kind, take: TakeBack<Kind>) => {
    for (const { leftover, bootId: boot, forget } of notes.filter(isOf(kind))) {
      try {
        const line = await take(leftover, boot === bootId());
        if (line !== null) lines.push(line);
        forget();
      } catch {
        // It stays noted.
      }
    }
  };
  await takeBack("knob", putBackKnob);
  // A process in a system call to a hung daemon ends only when the connection does.
  for (const { leftover } of notes.filter(isOf("folder"))) {
    for (const mountpoint of mountsBelow(leftover.path)) abortConnection(mountpoint);
  }
  await takeBack("process", endStarted);
  await takeBack("folder", takeFolder);
  return lines;
}
