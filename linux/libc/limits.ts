import { readFileSync } from "node:fs";
import { fcntl } from "./fcntl.js";
import { close } from "./files.js";

/** The number of descriptors that this process may have. Node raises its soft limit to the hard one when it starts. */
export function descriptorLimit(): number {
  const limit = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return limit === undefined ? 1024 : Number(limit);
}

/** fcntl(2): a duplicate at this number or above it. */
const F_DUPFD_CLOEXEC = 1030;

/**
 * Makes this process's table of descriptors large enough for `count`, now. It would grow by doubling, and each time a process with
 * threads waits for an RCU grace period, 6 to 14 ms, in the middle of a request (`expand_fdtable`, fs/file.c).
 *
 * @param fd one that is open
 */
export function growDescriptorTable(fd: number, count: number): void {
  const highest = fcntl(fd, F_DUPFD_CLOEXEC, count - 1);
  // Refused, it grows as it is used.
  if (highest >= 0) close(highest);
}
