import { fdatasync } from "node:fs";
import { promisify } from "node:util";
import { openBeneath } from "../../linux/libc/beneath.js";
import { errnoName } from "../../linux/libc/errno.js";
import { close, openPath, syncfsSlowly } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import { unwritable } from "./errors.js";

const synchronizeData = promisify(fdatasync);

/** The number of files from which on one syncfs(2) is cheaper than a journal commit of the filesystem for each. */
const MANY = 64;

/** Puts the data of files on the disk. @throws FusemeterError `STORE_UNWRITABLE` */
export async function synchronizeFiles(root: number, paths: readonly string[]): Promise<void> {
  if (paths.length > MANY) {
    await synchronizeFilesystem(root);
    return;
  }
  // One at a time: libuv's few threads also carry the chunks that readers wait for.
  for (const path of paths) await synchronizeFile(root, path);
}

async function synchronizeFile(root: number, path: string): Promise<void> {
  const fd = openBeneath(root, path, Open.RDONLY | Open.NOFOLLOW | Open.NONBLOCK);
  if (fd < 0) throw unwritable(`tree/${path}`, errnoName(-fd));
  try {
    await synchronizeData(fd);
  } catch (error) {
    throw unwritable(`tree/${path}`, String(error));
  } finally {
    close(fd);
  }
}

/** Puts all of a filesystem on the disk. @param directory a descriptor of a directory in it. @throws FusemeterError `STORE_UNWRITABLE` */
export async function synchronizeFilesystem(directory: number): Promise<void> {
  // syncfs(2) takes no O_PATH descriptor.
  const fd = openPath(`/proc/self/fd/${directory}`, Open.RDONLY | Open.DIRECTORY);
  if (fd < 0) throw unwritable("tree", errnoName(-fd));
  try {
    if ((await syncfsSlowly(fd)) !== 0) throw unwritable("tree", "the filesystem can't be synchronized");
  } finally {
    close(fd);
  }
}
