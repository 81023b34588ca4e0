import { writeFileSync } from "node:fs";
import { connectionAt } from "./mountinfo.js";

/**
 * Makes the kernel fail all requests of the FUSE mount at a path, present and future. Root may, and the user who mounted it. For
 * others, and where fusectl is not mounted, nothing happens: the connection then lives until its last file is closed or its daemon
 * ends.
 */
export function abortConnection(mountpoint: string): void {
  const connection = connectionAt(mountpoint);
  if (connection !== null) abortConnectionOf(connection);
}

/** Likewise for a connection by its number. */
export function abortConnectionOf(connection: number): void {
  try {
    writeFileSync(`/sys/fs/fuse/connections/${connection}/abort`, "1");
  } catch {
    // Not allowed, or gone already.
  }
}
