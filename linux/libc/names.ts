import { bind } from "./libc.js";

/** `int mkdirat(int directory, const char *name, mode_t mode)` */
export const mkdirat = bind("int mkdirat(int, uintptr_t, uint32_t)");
/** `int mknodat(int directory, const char *name, mode_t mode, dev_t device)` */
export const mknodat = bind("int mknodat(int, uintptr_t, uint32_t, uint64_t)");
/** `int symlinkat(const char *target, int directory, const char *name)` */
export const symlinkat = bind("int symlinkat(uintptr_t, int, uintptr_t)");
/** `ssize_t readlinkat(int directory, const char *name, char *buffer, size_t size)`; an empty name reads `directory` itself. */
export const readlinkat = bind("long readlinkat(int, uintptr_t, uintptr_t, size_t)");
/** `int unlinkat(int directory, const char *name, int flags)` */
export const unlinkat = bind("int unlinkat(int, uintptr_t, int)");
/** `int linkat(int, const char *, int directory, const char *name, int flags)` */
export const linkat = bind("int linkat(int, uintptr_t, int, uintptr_t, int)");
/** `int renameat2(int, const char *, int, const char *, unsigned flags)` */
export const renameat2 = bind("int renameat2(int, uintptr_t, int, uintptr_t, uint32_t)");
