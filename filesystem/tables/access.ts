import type { OpenState } from "./inodes.js";

/**
 * How an open file is read and written: by the kernel on the backing file itself; by the daemon, through the mount's page
 * cache; by the daemon, past the page cache; or likewise beside passthrough opens of the inode, of which it must then be one too.
 */
export type Access = "passthrough" | "daemon" | "direct" | "beside";

/** What a mount prefers for the files that are opened on it. */
export type Mode = "daemon" | "passthrough";

/** What one open asks for. */
export type Preference = Mode | "direct";

/**
 * What an open gets. The kernel fails (EIO) an open that does not fit how its inode is open (fuse_file_io_open, fs/fuse/iomode.c):
 * an inode is open in passthrough or by the daemon, and its first open decides for as long as any of its kind lasts. Beside
 * passthrough opens, one past the page cache must have the backing file as well: read(2) and write(2) then reach the daemon,
 * mappings are of the backing file.
 *
 * @param served what the daemon's opens get here
 */
export function decideAccess(preferred: Preference, opens: OpenState, served: "daemon" | "direct"): Access {
  if (preferred === "passthrough") return opens.daemon > 0 ? served : "passthrough";
  return opens.passthrough > 0 ? "beside" : preferred;
}
