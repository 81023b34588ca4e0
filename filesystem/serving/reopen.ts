import { openat } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import type { Address } from "../../linux/libc/libc.js";
import { Memory } from "../../linux/libc/memory.js";
import type { Context } from "./context.js";

/**
 * The name of a descriptor in /proc/self/fd, for calls that take no O_PATH descriptor. The kernel resolves it to the very
 * inode, also where its name is gone. The memory is used again by the next call.
 */
export function descriptorName(context: Context, fd: number): Address {
  return descriptorPath(context, fd) + FOLDER.length;
}

const FOLDER = "/proc/self/fd/";

/** Memory for a path of a descriptor. */
export function createDescriptorPath(): Memory {
  const memory = new Memory(FOLDER.length + 12);
  memory.bytes.write(FOLDER);
  return memory;
}

/** The path of a descriptor below /proc, for calls that take no directory descriptor. The memory is used again by the next call. */
export function descriptorPath(context: Context, fd: number): Address {
  const { bytes, address } = context.registers.descriptorPath;
  let end = FOLDER.length + 1;
  if (fd < 0) {
    // A node that there is not. No digits would name the directory itself.
    bytes.write("-\0", FOLDER.length);
    return address;
  }
  for (let rest = fd; rest >= 10; rest = (rest / 10) | 0) end++;
  bytes[end] = 0;
  for (let rest = fd, at = end - 1; at >= FOLDER.length; at--, rest = (rest / 10) | 0) bytes[at] = 0x30 + (rest % 10);
  return address;
}

/** Opens the file of an O_PATH descriptor: a new descriptor, or -errno. */
export function reopen(context: Context, fd: number, flags: number): number {
  return openat(context.descriptors, descriptorName(context, fd), (flags & ~Open.NOFOLLOW) | Open.CLOEXEC, 0);
}
