import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { MNT_DETACH, umount2 } from "../../linux/mounts/mount.js";
import { mountAt } from "../../linux/mounts/mountinfo.js";

/**
 * Unmounts the mount of a tree that a killed daemon has left at a mountpoint. A mount that is alive, or another's, stays. Old readers keep
 * their ENOTCONN; new ones find the next mount.
 */
export function clearDeadMount(mountpoint: string, tree: string): void {
  const path = realPathOf(mountpoint);
  const found = path === null ? null : mountAt(path);
  if (path === null || found?.type !== "fuse.fusemeter" || found.source !== tree) return;
  try {
    statSync(path);
  } catch (error) {
    if (codeOf(error) === "ENOTCONN") umount2(path, MNT_DETACH);
  }
}

/** The real path of a mountpoint, whose own mount is not touched; null if its directory can't be reached. */
function realPathOf(mountpoint: string): string | null {
  const path = resolve(mountpoint);
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return null;
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error ? String(error.code) : null;
}
