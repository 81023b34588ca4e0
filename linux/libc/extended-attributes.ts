import { bind } from "./libc.js";
import { cString } from "./memory.js";

/** `int setxattr(const char *path, const char *name, const void *value, size_t size, int flags)` */
export const setxattr = bind("int setxattr(uintptr_t, uintptr_t, uintptr_t, size_t, int)");
/** `ssize_t getxattr(const char *path, const char *name, void *value, size_t size)` */
export const getxattr = bind("long getxattr(uintptr_t, uintptr_t, uintptr_t, size_t)");

const getxattrBytes = bind("long getxattr(const void *, const void *, void *, size_t)");

/** Reads an attribute of a path into `value`: its length in bytes, or -errno. */
export function readAttribute(path: string, name: string, value: Buffer): number {
  return getxattrBytes(cString(path), cString(name), value, value.length);
}

const setxattrBytes = bind("int setxattr(const void *, const void *, const void *, size_t, int)");

/** Sets an attribute of a path: 0, or -errno. */
export function setAttribute(path: string, name: string, value: Buffer): number {
  return setxattrBytes(cString(path), cString(name), value, value.length, 0);
}

const listxattrBytes = bind("long listxattr(const void *, void *, size_t)");

/** Lists the names of a path's attributes into `names`, each with a NUL behind it: their length in bytes, or -errno. */
export function listAttributes(path: string, names: Buffer): number {
  return listxattrBytes(cString(path), names, names.length);
}

/** `ssize_t listxattr(const char *path, char *names, size_t size)` */
export const listxattr = bind("long listxattr(uintptr_t, uintptr_t, size_t)");
/** `int removexattr(const char *path, const char *name)` */
export const removexattr = bind("int removexattr(uintptr_t, uintptr_t)");
