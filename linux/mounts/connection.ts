import { readFileSync } from "node:fs";

/**
 * The number of the connection behind a mountpoint: the minor device number of what is mounted there, by which sysfs and the
 * tracepoints know it. The mount itself is not touched: its daemon may be the one who asks.
 */
export function connectionNumber(mountpoint: string): number | null {
  const escaped = mountpoint.replace(/[ \t\n\\]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
  const line = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .findLast((each) => each.split(" ")[4] === escaped);
  return line === undefined ? null : Number(line.split(" ")[2]!.split(":")[1]);
}
