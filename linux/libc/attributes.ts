import { At } from "./flags.js";
import { type Address, bind } from "./libc.js";
import { emptyString } from "./memory.js";

const rawStatx = bind("int statx(int, uintptr_t, int, uint32_t, uintptr_t)");

/** The fields that stat(2) has: `STATX_BASIC_STATS`. */
const STATX_BASIC_STATS = 0x7ff;

/** Attributes of an open file (an `O_PATH` descriptor will do), into a struct statx of 256 bytes. */
export function statxOf(fd: number, statx: Address, mask: number = STATX_BASIC_STATS, flags = 0): number {
  return rawStatx(fd, emptyString.address, At.EMPTY_PATH | At.SYMLINK_NOFOLLOW | flags, mask, statx);
}

/** Attributes of a name in a directory, never following a symbolic link. */
export function statxAt(directory: number, name: Address, statx: Address): number {
  return rawStatx(directory, name, At.SYMLINK_NOFOLLOW, STATX_BASIC_STATS, statx);
}

/** `int fchmodat(int directory, const char *name, mode_t mode, int flags)` */
export const fchmodat = bind("int fchmodat(int, uintptr_t, uint32_t, int)");
/** `int fchownat(int directory, const char *name, uid_t uid, gid_t gid, int flags)` */
export const fchownat = bind("int fchownat(int, uintptr_t, uint32_t, uint32_t, int)");
/** `int utimensat(int directory, const char *name, const struct timespec times[2], int flags)` */
export const utimensat = bind("int utimensat(int, uintptr_t, uintptr_t, int)");
/** `int faccessat(int directory, const char *name, int mode, int flags)` */
export const faccessat = bind("int faccessat(int, uintptr_t, int, int)");
/** `int fstatfs64(int fd, struct statfs64 *)` */
export const fstatfs = bind("int fstatfs64(int, uintptr_t)");

/** `tv_nsec` values of utimensat(2): the current time, and leave it as it is. */
export const UTIME_NOW = 0x3fffffff;
export const UTIME_OMIT = 0x3ffffffe;
