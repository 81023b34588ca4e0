import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** A line of proc_pid_mountinfo(5). */
export interface MountEntry {
  /** `st_dev` of the mounted filesystem. A FUSE connection goes by the minor number. */
  readonly major: number;
  readonly minor: number;
  readonly mountpoint: string;
  /** The type with its subtype, for instance `fuse.fusemeter`. */
  readonly type: string;
  /** The mounted source, for instance `/dev/vda1`. */
  readonly source: string;
}

/** The text of a field: the kernel writes space, tab, newline and backslash as three octal digits, for instance `\040` (mangle_path, fs/seq_file.c). */
function unescapeOctal(text: string): string {
  return Buffer.from(
    text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    "latin1",
  ).toString();
}

/**
 * Every mount that this process sees, a later one over an earlier one. No mount is touched: the daemon of one may be the process that asks.
 */
function readMounts(): MountEntry[] {
  const lines = readFileSync("/proc/self/mountinfo", "latin1").trimEnd().split("\n");
  return lines.map((line) => {
    const [, , device = "", , path = "", ...rest] = line.split(" ");
    const [major = 0, minor = 0] = device.split(":").map(Number);
    // A varying number of optional fields ends with a hyphen.
    const [type = "", source = ""] = rest.slice(rest.indexOf("-") + 1);
    return { major, minor, mountpoint: unescapeOctal(path), type, source: unescapeOctal(source) };
  });
}

/**
 * The filesystem mounted last at a path, or null. Read from /proc/self/mountinfo: a stat inside a mount whose daemon hangs
 * would hang the caller.
 *
 * @param mountpoint absolute, without symbolic links
 */
export function mountAt(mountpoint: string): MountEntry | null {
  return readMounts().findLast((entry) => entry.mountpoint === mountpoint) ?? null;
}

/**
 * The mountpoints at a directory and below it, in the order of their mounts.
 *
 * @param directory absolute, without symbolic links
 */
export function mountsBelow(directory: string): string[] {
  const prefix = directory === "/" ? "/" : `${directory}/`;
  const points = readMounts().map(({ mountpoint }) => mountpoint);
  return points.filter((point) => point === directory || point.startsWith(prefix));
}

/** The mount that a path is in or, where something is mounted on it, that one. Nothing in that mount is touched either. */
export function mountOf(path: string): MountEntry {
  const absolute = resolve(path);
  const real = absolute === "/" ? absolute : join(realpathSync(dirname(absolute)), basename(absolute));
  const covers = ({ mountpoint }: MountEntry) => mountpoint === "/" || real === mountpoint || real.startsWith(`${mountpoint}/`);
  return readMounts()
    .filter(covers)
    .reduce((deepest, entry) => (entry.mountpoint.length >= deepest.mountpoint.length ? entry : deepest));
}

/** The number of the FUSE connection behind a mountpoint; null where no FUSE filesystem is mounted on it. */
export function connectionAt(mountpoint: string): number | null {
  const entry = mountAt(mountpoint);
  return entry === null || !/^fuse(blk)?(\.|$)/.test(entry.type) ? null : entry.minor;
}
