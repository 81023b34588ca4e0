import { bind } from "./libc.js";

/** `int ioctl(int fd, unsigned long request, void *argument)` */
export const ioctl = bind("int ioctl(int, unsigned long, uintptr_t)");
/** The same for cold paths: the argument as a typed array. */
export const ioctlBytes = bind("int ioctl(int, unsigned long, void *)");

/**
 * Ioctls of files whose effect is the file's alone and whose right the kernel has checked (linux/fs.h), with the size of
 * their argument: the ones that are forwarded.
 */
export const fileIoctls: ReadonlyMap<number, number> = new Map([
  // FS_IOC_GETFLAGS and FS_IOC_SETFLAGS say long and mean int.
  [0x80086601, 4],
  [0x40086602, 4],
  // FS_IOC_GETVERSION
  [0x80087601, 4],
  // FS_IOC_FSGETXATTR and FS_IOC_FSSETXATTR: struct fsxattr
  [0x801c581f, 28],
  [0x401c5820, 28],
]);

/** True if an ioctl hands data to the kernel and gets none back: `_IOW` (asm-generic/ioctl.h). */
export function setsFile(command: number): boolean {
  return command >>> 30 === 1;
}
