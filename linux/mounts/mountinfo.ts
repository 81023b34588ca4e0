import { readFileSync, realpathSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { isRoot } from "../libc/is-root.js";
import { MOUNT_HELPER } from "./unprivileged.js";

/** A line of proc_pid_mountinfo(5). */
export interface MountEntry {
  /** `st_dev` of the mounted filesystem. A FUSE connection goes by the minor number. */
  readonly major: number;
  readonly minor: number;
  readonly mountpoint: string;
  /** The type with its subtype, for instance `fuse.fusemeter`. */
  readonly type: string;
  /** What was mounted, for instance `/dev/vda1`. */
  readonly source: string;
}

/** Spaces and the like are written as `\040` in mountinfo. */
function unescapeOctal(text: string): string {
  return Buffer.from(
    text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    "latin1",
  ).toString();
}

/** Every mount, a later one over an earlier one. */
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

/** The mount that a path is in or, where something is mounted on it, that one. Nothing in that mount is touched either. */
export function mountOf(path: string): MountEntry {
  const absolute = resolve(path);
  const real = absolute === "/" ? absolute : join(realpathSync(dirname(absolute)), basename(absolute));
  const covers = ({ mountpoint }: MountEntry) => mountpoint === "/" || real === mountpoint || real.startsWith(`${mountpoint}/`);
  return readMounts()
    .filter(covers)
    .reduce((deepest, entry) => (entry.mountpoint.length >= deepest.mountpoint.length ? entry : deepest));
}

/**
 * Unmounts what is at a path, if anything is. A mount that is busy, or whose daemon does not answer, is aborted first: every
 * request under way then fails with ENOTCONN, and nobody waits in D state.
 *
 * @returns null, or in one line what had to be done by force
 */
export async function unmount(mountpoint: string): Promise<string | null> {
  const [umount, words, force] = isRoot() ? ["umount", ["-i"], ["-f", "-l"]] : [MOUNT_HELPER, ["-u"], ["-z"]];
  const limitMs = 5000;
  const options = { reject: false, timeout: 2000, killSignal: "SIGKILL" } as const;
  let complaint = "";
  // Another program (an indexer, a shell) may hold the mount for a moment.
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; await sleep(50)) {
    if (mountAt(mountpoint) === null) return null;
    const { exitCode, stderr } = await execa(umount, [...words, mountpoint], options);
    if (exitCode === 0) return null;
    complaint = stderr.split("\n")[0] || "umount did not return";
  }
  await abortConnection(mountpoint);
  await execa(umount, [...words, ...force, mountpoint], options);
  return `${mountpoint} had to be unmounted by force (${complaint})`;
}

/** The number of the FUSE connection behind a mountpoint; null where no FUSE filesystem is mounted on it. */
export function connectionAt(mountpoint: string): number | null {
  const entry = mountAt(mountpoint);
  return entry === null || !/^fuse(blk)?(\.|$)/.test(entry.type) ? null : entry.minor;
}

/** Makes the kernel fail all requests of the FUSE mount at a path, present and future. For root and who mounted it; else nothing happens. */
export async function abortConnection(mountpoint: string): Promise<void> {
  const connection = connectionAt(mountpoint);
  if (connection === null) return;
  await writeFile(`/sys/fs/fuse/connections/${connection}/abort`, "1").catch(() => {});
}
