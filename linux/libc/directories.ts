import { bind } from "./libc.js";

/** `ssize_t getdents64(int fd, void *dirents, size_t count)` */
export const getdents = bind("long getdents64(int, uintptr_t, size_t)");

/**
 * struct linux_dirent64 (linux/dirent.h), by byte:
 *
 *     u64 d_ino      0
 *     s64 d_off      8    the position after this entry
 *     u16 d_reclen  16
 *     u8  d_type    18
 *     char d_name[] 19
 */
export const Dirent64 = { off: 8, reclen: 16, type: 18, name: 19 } as const;
