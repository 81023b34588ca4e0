import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { isRoot } from "../libc/is-root.js";
import { abortConnection } from "./abort.js";
import { mountAt } from "./mountinfo.js";
import { MOUNT_HELPER } from "./unprivileged.js";

/**
 * Unmounts the filesystem at a path, if there is one. A mount that is busy, or whose daemon does not answer, is aborted first: every
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
  abortConnection(mountpoint);
  await execa(umount, [...words, ...force, mountpoint], options);
  return `${mountpoint} had to be unmounted by force (${complaint})`;
}
