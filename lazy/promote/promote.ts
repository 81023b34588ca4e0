import { FusemeterError } from "../../errors.js";
import { errnoName } from "../../linux/libc/errno.js";
import { readOnlyAttributes, replaceMount } from "../../linux/mounts/mount.js";
import type { LazyMount } from "../mount/index.js";

/**
 * Waits until a tree has arrived whole, then puts the plain directory in the place of its mount. No name fails to resolve meanwhile. Files
 * and directories that are open, mapped or somebody's working directory stay the mount's; it ends when the last of them is closed.
 *
 * @throws FusemeterError `NOT_PROMOTED` if the kernel refuses, or the mount is no longer the one at its mountpoint
 */
export async function promote(lazy: LazyMount): Promise<void> {
  lazy.finish();
  await lazy.complete;
  if (!lazy.isInPlace) throw notPromoted(lazy, "another filesystem is mounted there");
  const attributes = Object.entries(readOnlyAttributes)
    .filter(([name]) => lazy.mountOptions.includes(name))
    .reduce((sum, [, bit]) => sum | bit, 0);
  const done = replaceMount(lazy.tree, lazy.mountpoint, attributes);
  if (done < 0) throw notPromoted(lazy, errnoName(-done));
}

function notPromoted({ mountpoint }: LazyMount, reason: string): FusemeterError {
  return new FusemeterError({
    code: "NOT_PROMOTED",
    fault: "host",
    problem: `the plain tree can't take the place of the mount on ${mountpoint}`,
    reason,
    remedy: "use Linux 6.5 or later; until then new opens are passthrough",
  });
}
