import { At, Open } from "./flags.js";
import { bind } from "./libc.js";
import { cString, emptyString } from "./memory.js";
import { syscallNumber } from "./syscall-numbers.js";

const openat2 = bind("long syscall(long number, int directory, const void *path, const void *how, size_t size)");
const utimensat = bind("int utimensat(int, uintptr_t, const void *, int)");
const mknodat = bind("int mknodat(int, const void *, uint32_t, uint64_t)");
const linkat = bind("int linkat(int, const void *, int, const void *, int)");

/** RESOLVE_NO_XDEV, _NO_MAGICLINKS, _NO_SYMLINKS, _BENEATH (linux/openat2.h). */
const RESOLVE = 0x01 | 0x02 | 0x04 | 0x08;

/**
 * Opens a path below a directory, in no case anything else: no symbolic link is followed, and neither `..` nor another mount leads out
 * (openat2(2), Linux 5.6). A descriptor, or -errno: ELOOP at a symbolic link, EXDEV at a way out.
 *
 * @param path relative; "" is the directory itself
 */
export function openBeneath(directory: number, path: string, flags: number, mode = 0): number {
  // struct open_how: u64 flags 0, u64 mode 8, u64 resolve 16.
  const how = new BigUint64Array([BigInt((flags | Open.CLOEXEC) >>> 0), BigInt(mode), BigInt(RESOLVE)]);
  return openat2(syscallNumber("openat2")!, directory, cString(path === "" ? "." : path), how, how.byteLength);
}

/** Sets the time of change of a file's data, and leaves the time of access: 0, or -errno. An O_PATH descriptor will do. */
export function setModificationTime(fd: number, seconds: number, nanoseconds: number): number {
  // struct timespec times[2]: access, then modification; UTIME_OMIT leaves one.
  const times = new BigInt64Array([0n, 0x3ffffffen, BigInt(seconds), BigInt(nanoseconds)]);
  return utimensat(fd, emptyString.address, new Uint8Array(times.buffer), At.EMPTY_PATH);
}

/** Gives the file of a descriptor a further name in a directory: 0, or -errno. An O_PATH descriptor will do. */
export function linkDescriptor(fd: number, directory: number, name: string): number {
  return linkat(At.FDCWD, cString(`/proc/self/fd/${fd}`), directory, cString(name), At.SYMLINK_FOLLOW);
}

/** Makes a FIFO, or the device 0:0, in a directory: 0, or -errno. @param mode with the type */
export function makeNode(directory: number, name: string, mode: number): number {
  return mknodat(directory, cString(name), mode, 0);
}
