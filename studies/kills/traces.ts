import { readdirSync } from "node:fs";
import { join } from "node:path";
import { mountsBelow } from "../../linux/mounts/mountinfo.js";
import { processIds } from "../../linux/proc/process-tree.js";
import { readText } from "../../linux/proc/text-file.js";

/** Everything that a killed command may leave on a host: command lines, mountpoints, folders, and knobs with their values. */
export interface Traces {
  readonly processes: readonly string[];
  readonly mounts: readonly string[];
  readonly folders: readonly string[];
  readonly knobs: readonly string[];
}

/** The places and knobs that a command may use. */
export interface Places {
  /** The command's TMPDIR. Its processes are recognised by it. */
  readonly temporary: string;
  /** The command's --directory. */
  readonly directory: string;
  /** Knobs that the command may change, each with its value before. */
  readonly knobs: ReadonlyMap<string, string | null>;
}

/**
 * Looks for the traces of a command without the notes that it takes: by the environment of processes, the mount table, and the
 * entries of directories.
 */
export function lookForTraces({ temporary, directory, knobs }: Places): Traces {
  return {
    processes: processesWith(`TMPDIR=${temporary}`),
    mounts: [temporary, directory].flatMap((place) => mountsBelow(place).filter((point) => point !== place)),
    folders: [temporary, directory].flatMap((place) =>
      readdirSync(place)
        .filter((name) => name.startsWith("fusemeter"))
        .map((name) => join(place, name)),
    ),
    knobs: [...knobs].filter(([knob, value]) => readText(knob) !== value).map(([knob]) => `${knob} is ${readText(knob)}`),
  };
}

function processesWith(variable: string): string[] {
  return processIds().flatMap((pid) => {
    if (!readText(`/proc/${pid}/environ`)?.split("\0").includes(variable)) return [];
    const line = readText(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ").trim();
    // A process that has just ended has no command line any more.
    return line ? [`${pid} ${line}`] : [];
  });
}

/** The number of traces of each kind. */
export function countTraces(traces: Traces): Readonly<Record<keyof Traces, number>> {
  const { processes, mounts, folders, knobs } = traces;
  return { processes: processes.length, mounts: mounts.length, folders: folders.length, knobs: knobs.length };
}

export function hasTraces(traces: Traces): boolean {
  return Object.values(countTraces(traces)).some((count) => count > 0);
}
