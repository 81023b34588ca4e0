import { closeBacking, openBacking } from "../../linux/libc/fuse-device.js";
import type { OpenState } from "./inodes.js";

/**
 * Counts one more passthrough open of an inode; the first registers its backing file. The kernel wants all passthrough
 * opens of an inode to name one backing file, so there is one id an inode.
 *
 * @param fd any descriptor of the file, O_PATH too: the kernel takes its path and opens it anew
 * @returns the id, or -errno
 */
export function acquireBacking(device: number, opens: OpenState, fd: number): number {
  if (opens.backingId === 0) {
    const backingId = openBacking(device, fd);
    if (backingId < 0) return backingId;
    opens.backingId = backingId;
  }
  opens.passthrough++;
  return opens.backingId;
}

/** Counts one passthrough open less; the last gives the id back. */
export function releaseBacking(device: number, opens: OpenState): void {
  opens.passthrough--;
  if (opens.passthrough > 0) return;
  closeBacking(device, opens.backingId);
  opens.backingId = 0;
}
