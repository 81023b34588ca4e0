import { chmodSync } from "node:fs";
import { fchownat, statxOf } from "../../linux/libc/attributes.js";
import { setModificationTime } from "../../linux/libc/beneath.js";
import { errnoName } from "../../linux/libc/errno.js";
import { setAttribute } from "../../linux/libc/extended-attributes.js";
import { At } from "../../linux/libc/flags.js";
import { emptyString, Memory } from "../../linux/libc/memory.js";
import { modeOf, Statx } from "../../linux/libc/statx.js";
import type { Attributes } from "../manifest/index.js";
import { unwritable } from "./errors.js";

/** The attribute that each write(2) takes away (`file_remove_privs`, fs/inode.c). */
const CAPABILITY = "security.capability";

const PERMISSIONS = 0o7777;
const statx = new Memory(Statx.bytes);

/**
 * Gives an entry the attributes of the manifest, those that it does not have.
 *
 * @param fd an O_PATH descriptor will do
 * @param isNew true if nothing of it can be right by now
 */
export function setAttributes(fd: number, entry: Attributes, isLink: boolean, isNew: boolean): void {
  const { path, uid, gid, mode } = entry;
  check(path, statxOf(fd, statx.address));
  const { words } = statx;
  if (words[Statx.uid] !== uid || words[Statx.gid] !== gid) {
    check(path, fchownat(fd, emptyString.address, uid, gid, At.EMPTY_PATH | At.SYMLINK_NOFOLLOW));
    // A change of owner takes set-id bits away.
    words[Statx.mode] = 0;
  }
  // The mode of a symbolic link means nothing and can't be set.
  if (!isLink && (modeOf(words) & PERMISSIONS) !== mode) chmodSync(`/proc/self/fd/${fd}`, mode);
  for (const [name, value] of Object.entries(entry.xattrs)) {
    if (isNew || name === CAPABILITY) check(path, setAttribute(`/proc/self/fd/${fd}`, name, Buffer.from(value, "base64")), name);
  }
  restoreTime(fd, entry);
}

/** Gives an entry the time of change that writing has taken away. */
export function restoreTime(fd: number, { path, mtimeSeconds, mtimeNanoseconds }: Attributes): void {
  check(path, setModificationTime(fd, mtimeSeconds, mtimeNanoseconds));
}

/** Gives a file what a write(2) has taken away. */
export function restoreAfterWrite(fd: number, entry: Attributes): void {
  const capability = entry.xattrs[CAPABILITY];
  if (capability !== undefined) {
    check(entry.path, setAttribute(`/proc/self/fd/${fd}`, CAPABILITY, Buffer.from(capability, "base64")), CAPABILITY);
  }
  restoreTime(fd, entry);
}

function check(path: string, done: number, attribute = "an attribute"): void {
  if (done < 0) throw unwritable(`tree/${path}`, `${attribute} can't be set (${errnoName(-done)})`);
}
