import { existsSync, readFileSync } from "node:fs";

/** The parameter of the kernel's FUSE that offers io_uring to new mounts: `Y` or `N`. Linux 6.14 and later have it. */
export const ENABLE_URING = "/sys/module/fuse/parameters/enable_uring";

/**
 * True where a new mount is offered FUSE over io_uring, false where it is not; null where sysfs does not tell, since it is not mounted or
 * the module is not loaded yet.
 */
export function offersRings(): boolean | null {
  try {
    return readFileSync(ENABLE_URING, "utf8").startsWith("Y");
  } catch {
    return existsSync("/sys/module/fuse") ? false : null;
  }
}
