import { readlinkat } from "../../linux/libc/names.js";
import type { Context } from "../serving/context.js";
import { descriptorName } from "../serving/reopen.js";
import { ROOT } from "../tables/inodes.js";

const DELETED = Buffer.from(" (deleted)");

/**
 * The path of an open file below the source's root, by its link in /proc/self/fd: its name as of now, also after renames on either
 * side. Of several hard links it is the one that the file was first looked up by. Null if the kernel has no name for it: it
 * is gone, or it was opened by its handle and is not in the kernel's cache of names.
 */
export function pathBelowRoot(context: Context, fd: number): Buffer | null {
  const path = linkOf(context, fd);
  const root = linkOf(context, context.inodes.fd(ROOT));
  if (path === null || root === null || path.subarray(-DELETED.length).equals(DELETED)) return null;
  if (path.equals(root)) return Buffer.alloc(0);
  const prefix = root.length === 1 ? root : Buffer.concat([root, Buffer.from("/")]);
  return path.subarray(0, prefix.length).equals(prefix) ? path.subarray(prefix.length) : null;
}

function linkOf(context: Context, fd: number): Buffer | null {
  const { scratch } = context.registers;
  const length = readlinkat(context.descriptors, descriptorName(context, fd), scratch.address, scratch.bytes.length);
  // There is room for more than PATH_MAX, but the kernel itself cuts a longer path.
  return length < 0 || length >= 4095 ? null : Buffer.from(scratch.bytes.subarray(0, length));
}
