import { randomBytes } from "node:crypto";
import { mkdir, realpath, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { mountsBelow } from "../../linux/mounts/mountinfo.js";
import { unmount } from "../../linux/mounts/unmount.js";
import { tryToNote } from "./notes.js";

/** A folder of ours with a unique name. Disposing unmounts every mount in it and removes it with all its files. */
export interface Folder extends AsyncDisposable {
  /** Absolute, without symbolic links. */
  readonly path: string;
}

/**
 * Makes a folder. It is noted before it exists: if this command is killed, the next one removes it.
 *
 * @param parent an existing directory
 * @param madeAbove a directory that was made for it, and is removed with it once it is empty
 * @throws the error of the failed call
 */
export async function makeFolder(parent: string, prefix: string, madeAbove: string | null = null): Promise<Folder> {
  const path = join(await realpath(parent), `${prefix}${randomBytes(4).toString("hex")}`);
  const note = tryToNote({ kind: "folder", path, madeAbove });
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    note.forget();
    throw error;
  }
  return {
    path,
    async [Symbol.asyncDispose]() {
      // With the note left, the next command tries again.
      if (await removeFolder(path, madeAbove)) note.forget();
    },
  };
}

/**
 * Unmounts every mount in a folder and removes the folder. Where a mount stays, the folder stays too: removing it would remove
 * files behind the mount.
 *
 * @returns false where a mount stays
 */
export async function removeFolder(path: string, madeAbove: string | null): Promise<boolean> {
  // A later mount may lie in an earlier one.
  for (const mountpoint of mountsBelow(path).reverse()) await unmount(mountpoint);
  if (mountsBelow(path).length > 0) return false;
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    // A mount has appeared after the look.
    if ((error as NodeJS.ErrnoException).code === "EBUSY") return false;
    throw error;
  }
  if (madeAbove !== null) await rmdir(madeAbove).catch(() => {});
  return true;
}
