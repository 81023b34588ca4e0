import { FusemeterError } from "../../errors.js";
import { Errno, errnoName } from "../../linux/libc/errno.js";
import { close, openPath } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import { abortConnectionOf } from "../../linux/mounts/abort.js";
import { MNT_DETACH, MNT_FORCE, mount as mountCall, mountFlags, umount2 } from "../../linux/mounts/mount.js";
import { connectionAt } from "../../linux/mounts/mountinfo.js";
import { mountUnprivileged, unmountUnprivileged } from "../../linux/mounts/unprivileged.js";
import type { ResolvedOptions } from "./options.js";

/**
 * Mounts: by mount(2), or by fusermount3 for a user without that right.
 *
 * @returns a descriptor of the new connection
 * @throws FusemeterError if it can't be mounted
 */
export function attach(source: string, mountpoint: string, options: ResolvedOptions): number {
  const connection = openPath("/dev/fuse", Open.RDWR);
  const done = connection < 0 ? -Errno.EPERM : mountHere(connection, source, mountpoint, options);
  if (done === 0) return connection;
  if (connection >= 0) close(connection);
  if (done === -Errno.EPERM) {
    const names = Object.keys(mountFlags).filter((name) => (options.flags & mountFlags[name]!) !== 0);
    return mountUnprivileged(options.name ?? source, mountpoint, [...names, ...options.data]);
  }
  throw new FusemeterError({
    code: "MOUNT_FAILED",
    fault: "host",
    problem: `the kernel refused to mount on ${mountpoint}`,
    reason: errnoName(-done),
    remedy: "look into dmesg",
  });
}

function mountHere(connection: number, source: string, mountpoint: string, options: ResolvedOptions): number {
  const data = [
    `fd=${connection}`,
    "rootmode=40000",
    `user_id=${process.getuid!()}`,
    `group_id=${process.getgid!()}`,
    ...options.data,
  ];
  return mountCall(options.name ?? source, mountpoint, "fuse.fusemeter", options.flags, data.join(","));
}

/**
 * Unmounts; a busy mount is detached and its connection aborted, so that no worker stays in a read. If another filesystem is mounted there
 * by now, that one stays, and the connection is aborted alone.
 *
 * @param connection the number of the mount's connection; null if nobody knows it
 */
export function detach(mountpoint: string, connection: number | null): void {
  if (connection !== null && connectionAt(mountpoint) !== connection) {
    abortConnectionOf(connection);
    return;
  }
  const done = umount2(mountpoint, 0);
  if (done === -Errno.EPERM) unmountUnprivileged(mountpoint);
  else if (done === -Errno.EBUSY) umount2(mountpoint, MNT_FORCE | MNT_DETACH);
}
