import type { Address } from "../../linux/libc/libc.js";
import { Memory } from "../../linux/libc/memory.js";

/** The directory of the process's descriptors, each a link to its file. */
const FOLDER = "/proc/self/fd/";

/** The length of the directory's part of a path. */
export const FOLDER_BYTES = FOLDER.length;

/** Memory for a path of a descriptor. */
export function createDescriptorPath(): Memory {
  const memory = new Memory(FOLDER_BYTES + 12);
  memory.bytes.write(FOLDER);
  return memory;
}

/** Writes the path of a descriptor, ended by a zero byte. @returns its address */
export function writeDescriptorPath({ bytes, address }: Memory, fd: number): Address {
  let end = FOLDER_BYTES + 1;
  if (fd < 0) {
    // A node that there is not. No digits would name the directory itself.
    bytes.write("-\0", FOLDER_BYTES);
    return address;
  }
  for (let rest = fd; rest >= 10; rest = (rest / 10) | 0) end++;
  bytes[end] = 0;
  for (let rest = fd, at = end - 1; at >= FOLDER_BYTES; at--, rest = (rest / 10) | 0) bytes[at] = 0x30 + (rest % 10);
  return address;
}
