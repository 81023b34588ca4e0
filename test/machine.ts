import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The compiled program, as a user starts it. */
export const program = join(import.meta.dirname, "..", "bin/fusemeter.js");

/** Mountpoints in the machine's mount table below a directory. */
export function mountsBelow(directory: string): string[] {
  const points = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "");
  return points.filter((point) => point.startsWith(directory));
}

/** True where a process runs or waits; false for one that waits to be reaped. */
export function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

/** Command lines, of all processes, that contain a text. */
export function processesNaming(text: string): string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const lines = pids.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    } catch {
      return "";
    }
  });
  return lines.filter((line) => line.includes(text));
}
