import { Open } from "./flags.js";
import { bind, bindSlow } from "./libc.js";
import { cString } from "./memory.js";

/** `ssize_t read(int fd, void *buffer, size_t count)` */
export const read = bind("long read(int, uintptr_t, size_t)");
/** `ssize_t write(int fd, const void *buffer, size_t count)` */
export const write = bind("long write(int, uintptr_t, size_t)");
/** `ssize_t pread64(int fd, void *buffer, size_t count, off64_t offset)` */
export const pread = bind("long pread64(int, uintptr_t, size_t, int64_t)");
/** A C function that ignores its arguments. With the prototype of pread(2), it costs what a read costs outside of the kernel. */
export const nothing = bind("long getpagesize(int, uintptr_t, size_t, int64_t)");
/** `ssize_t pwrite64(int fd, const void *buffer, size_t count, off64_t offset)` */
export const pwrite = bind("long pwrite64(int, uintptr_t, size_t, int64_t)");
/** `int openat(int directory, const char *name, int flags, mode_t mode)` */
export const openat = bind("int openat64(int, uintptr_t, int, uint32_t)");

/** `int open64(const char *path, int flags, mode_t mode)` */
const open = bind("int open64(const void *, int, uint32_t)");

/**
 * Opens a path: a descriptor, or -errno. Descriptors for `close` are opened by this and not by Node's openSync: a Node thread that
 * ends closes its descriptors of openSync once more, and by then the number may be another file's.
 */
export function openPath(path: string, flags: number): number {
  return open(cString(path), flags | Open.CLOEXEC, 0);
}

/** `int close(int fd)` */
export const close = bind("int close(int)");
/** `int dup(int fd)` */
export const dup = bind("int dup(int)");
/** `int fsync(int fd)` */
export const fsync = bind("int fsync(int)");
/** `int ftruncate64(int fd, off64_t length)` */
export const ftruncate = bind("int ftruncate64(int, int64_t)");
/** `off64_t lseek64(int fd, off64_t offset, int whence)` */
export const lseek = bind("int64_t lseek64(int, int64_t, int)");
/** `int memfd_create(const char *name, unsigned flags)` */
export const memfdCreate = bind("int memfd_create(uintptr_t, uint32_t)");
/** `int fallocate64(int fd, int mode, off64_t offset, off64_t length)` */
export const fallocate = bind("int fallocate64(int, int, int64_t, int64_t)");
/** `ssize_t copy_file_range(int in, off64_t *inOffset, int out, off64_t *outOffset, size_t length, unsigned flags)` */
export const copyFileRange = bind("long copy_file_range(int, uintptr_t, int, uintptr_t, size_t, uint32_t)");
/** `int syncfs(int fd)` */
export const syncfs = bind("int syncfs(int)");
/** The same in another thread; -1 for any error. */
export const syncfsSlowly = bindSlow("int syncfs(int)");
