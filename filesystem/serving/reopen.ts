import { openat } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import type { Address } from "../../linux/libc/libc.js";
import type { Context } from "./context.js";
import { FOLDER_BYTES, writeDescriptorPath } from "./descriptor-path.js";

/**
 * The name of a descriptor in /proc/self/fd, for calls that take no O_PATH descriptor. The kernel resolves it to the very
 * inode, also where its name is gone. The memory is used again by the next call.
 */
export function descriptorName(context: Context, fd: number): Address {
  return descriptorPath(context, fd) + FOLDER_BYTES;
}

/** The path of a descriptor below /proc, for calls that take no directory descriptor. The memory is used again by the next call. */
export function descriptorPath(context: Context, fd: number): Address {
  return writeDescriptorPath(context.registers.descriptorPath, fd);
}

/** Opens the file of an O_PATH descriptor: a new descriptor, or -errno. */
export function reopen(context: Context, fd: number, flags: number): number {
  return openat(context.descriptors, descriptorName(context, fd), (flags & ~Open.NOFOLLOW) | Open.CLOEXEC, 0);
}
