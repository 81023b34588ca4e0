import { bind } from "./libc.js";

/** `int fcntl(int fd, int command, unsigned long argument)` */
export const fcntl = bind("int fcntl(int, int, uintptr_t)");
