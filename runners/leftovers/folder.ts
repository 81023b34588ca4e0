import { randomBytes } from "node:crypto";
import { mkdir, realpath, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { mountsBelow } from "../../linux/mounts/mountinfo.js";
import { unmount } from "../../linux/mounts/unmount.js";
import { tryToNote } from "./notes.js";

/** A folder of ours with a name of its own. Disposing removes it with all that is in it, and unmounts what is mounted in it. */
export interface Folder extends AsyncDisposable {
  /** Absolute, without symbolic links. */
  readonly path: string;
}

/**
 * Makes a folder for as long as it is needed. It is noted before it exists, so that the next command removes it where this one
 * is killed.
 *
 * @param parent an existing directory
 * @param madeAbove a directory that was made for it and goes too, once it is empty
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
 * Unmounts what is mounted in a folder and removes it. A folder with a mount that stays is left alone, because removing would
 * go on behind the mount.
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
    // Mounted after the look.
    if ((error as NodeJS.ErrnoException).code === "EBUSY") return false;
    throw error;
  }
  if (madeAbove !== null) await rmdir(madeAbove).catch(() => {});
  return true;
}
