import { lstatSync } from "node:fs";
import { constants } from "node:os";
import { FusemeterError, messageOf } from "../../errors.js";
import { listAttributes, readAttribute } from "../../linux/libc/extended-attributes.js";
import type { Attributes } from "./types.js";
import { isNote } from "./xattrs.js";

/** `XATTR_LIST_MAX` and `XATTR_SIZE_MAX` of linux/limits.h. */
const MOST_BYTES = 64 * 2 ** 10;
const buffer = Buffer.alloc(MOST_BYTES);

/** The state of a file by lstat(2), with times in nanoseconds. */
export function statOf(file: string) {
  try {
    return lstatSync(file, { bigint: true });
  } catch (cause) {
    throw notRead(file, cause);
  }
}

/** @param path the path in the tree */
export function attributesOf(file: string, path: string, stat: ReturnType<typeof statOf>): Attributes {
  const nanoseconds = ((stat.mtimeNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return {
    path,
    mode: Number(stat.mode & 0o7777n),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    mtimeSeconds: Number((stat.mtimeNs - nanoseconds) / 1_000_000_000n),
    mtimeNanoseconds: Number(nanoseconds),
    // listxattr(2) follows a symbolic link; Linux gives links themselves none of the user's.
    xattrs: stat.isSymbolicLink() ? {} : xattrsOf(file),
  };
}

function xattrsOf(file: string): Record<string, string> {
  const length = listAttributes(file, buffer);
  if (length === -constants.errno.EOPNOTSUPP || length === 0) return {};
  if (length < 0) throw notRead(file, null, `listing its extended attributes: errno ${-length}`);
  const names = buffer.toString("utf8", 0, length).split("\0").slice(0, -1);
  return Object.fromEntries(names.filter((name) => !isNote(name)).map((name) => [name, attributeOf(file, name)]));
}

function attributeOf(file: string, name: string): string {
  const length = readAttribute(file, name, buffer);
  if (length < 0) throw notRead(file, null, `extended attribute ${JSON.stringify(name)}: errno ${-length}`);
  return buffer.toString("base64", 0, length);
}

/** The error of a part of the source that can't be read. */
export function notRead(file: string, cause: unknown, reason = messageOf(cause)): FusemeterError {
  return new FusemeterError({
    code: "SOURCE_NOT_READ",
    fault: "use",
    problem: `${JSON.stringify(file)} can't be read`,
    reason,
    cause,
  });
}
