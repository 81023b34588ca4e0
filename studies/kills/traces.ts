import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

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
  readonly knobs: ReadonlyMap<string, string>;
}

/**
 * Looks for the traces of a command without the notes that it takes: by the environment of processes, the mount table, and the
 * entries of directories.
 */
export function lookForTraces({ temporary, directory, knobs }: Places): Traces {
  const mountpoints = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "");
  const isInside = (path: string) => [temporary, directory].some((place) => path.startsWith(`${place}/`));
  return {
    processes: processesWith(`TMPDIR=${temporary}`),
    mounts: mountpoints.filter(isInside),
    folders: [temporary, directory].flatMap((place) =>
      readdirSync(place)
        .filter((name) => name.startsWith("fusemeter"))
        .map((name) => join(place, name)),
    ),
    knobs: [...knobs].filter(([knob, value]) => knobValue(knob) !== value).map(([knob]) => `${knob} says ${knobValue(knob)}`),
  };
}

/** The value of a knob. */
export function knobValue(knob: string): string {
  return readFileSync(knob, "utf8").trim();
}

function processesWith(variable: string): string[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      if (!readFileSync(`/proc/${name}/environ`, "utf8").split("\0").includes(variable)) return [];
      const line = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      return existsSync(`/proc/${name}`) && line !== "" ? [`${name} ${line}`] : [];
    } catch {
      return [];
    }
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
