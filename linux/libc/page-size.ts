import { bind } from "./libc.js";

const SC_PAGESIZE = 30;

/** Bytes in a page of memory: 4096 on x86-64; arm64 kernels may have 16384 or 65536. */
export const pageSizeBytes = bind("long sysconf(int name)")(SC_PAGESIZE);
