import { bind } from "./libc.js";

// Apart from the other calls: a C library may be too old for it (musl has it since 1.2.5).

/** `ssize_t preadv2(int fd, const struct iovec *vector, int count, off_t offset, int flags)` */
export const preadv2 = bind("long preadv2(int, uintptr_t, int, int64_t, int)");
/** Flag of preadv2(2): only what can be had without waiting for a disk (linux/fs.h). */
export const RWF_NOWAIT = 8;
