import type { OpenState } from "./inodes.js";

/**
 * The way of an open file's data:
 *
 *     passthrough  the kernel reads and writes the backing file itself
 *     daemon       the daemon does, through the mount's page cache
 *     direct       the daemon does, past the page cache
 *     beside       likewise past it, beside passthrough opens of the inode, of which it must then be one too
 */
export type Access = "passthrough" | "daemon" | "direct" | "beside";

/** The access that a mount prefers for its files. */
export type Mode = "daemon" | "passthrough";

/** The access that one open asks for. */
export type Preference = Mode | "direct";

/**
 * Decides the access of an open. The kernel fails (EIO) one that does not fit the other opens of its inode (fuse_file_io_open, fs/fuse/iomode.c):
 * an inode is open in passthrough or by the daemon, and its first open decides for as long as any of its kind lasts. Beside
 * passthrough opens, one past the page cache must have the backing file as well: read(2) and write(2) then reach the daemon,
 * mappings are of the backing file.
 *
 * @param served the access of the daemon's opens in this mount
 */
export function decideAccess(preferred: Preference, opens: OpenState, served: "daemon" | "direct"): Access {
  if (preferred === "passthrough") return opens.daemon > 0 ? served : "passthrough";
  return opens.passthrough > 0 ? "beside" : preferred;
}
