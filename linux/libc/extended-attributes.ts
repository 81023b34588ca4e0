import { bind } from "./libc.js";

/** `int setxattr(const char *path, const char *name, const void *value, size_t size, int flags)` */
export const setxattr = bind("int setxattr(uintptr_t, uintptr_t, uintptr_t, size_t, int)");
/** `ssize_t getxattr(const char *path, const char *name, void *value, size_t size)` */
export const getxattr = bind("long getxattr(uintptr_t, uintptr_t, uintptr_t, size_t)");
/** `ssize_t listxattr(const char *path, char *names, size_t size)` */
export const listxattr = bind("long listxattr(uintptr_t, uintptr_t, size_t)");
/** `int removexattr(const char *path, const char *name)` */
export const removexattr = bind("int removexattr(uintptr_t, uintptr_t)");
