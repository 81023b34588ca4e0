import { bind } from "./libc.js";

/**
 * `void _exit(int status)`: ends the process at once, with all its threads. Node's own exit waits for worker threads, and one in
 * a system call does not come back.
 */
export const exitNow = bind("void _exit(int)");
