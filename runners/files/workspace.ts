import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { FusemeterError, messageOf } from "../../errors.js";
import { type Folder, makeFolder } from "../leftovers/folder.js";

/** The directories of one run, below the directory that the user chose: the source tree and an empty mountpoint. */
export interface Workspace extends AsyncDisposable {
  readonly source: string;
  readonly mountpoint: string;
}

/**
 * Makes the directories of a run. Disposing unmounts every mount in them and removes them with all their files. It never removes
 * files behind a mount: where a mount stays, the directories are left to the next command.
 *
 * @throws {FusemeterError} `BAD_DIRECTORY` where nothing can be made there
 */
export async function makeWorkspace(directory: string): Promise<Workspace> {
  let folder: Folder;
  try {
    const made = await mkdir(directory, { recursive: true });
    // A directory that was made for this and holds nothing else goes too; one with a result in it stays.
    folder = await makeFolder(directory, "fusemeter-", made === undefined ? null : resolve(directory));
  } catch (cause) {
    throw new FusemeterError({
      code: "BAD_DIRECTORY",
      fault: "use",
      problem: `no test files can be made in ${directory}`,
      reason: messageOf(cause),
      remedy: "give --directory DIR, a writable directory on the filesystem to measure",
      cause,
    });
  }
  const [source, mountpoint] = [join(folder.path, "source"), join(folder.path, "mountpoint")];
  await mkdir(source);
  await mkdir(mountpoint);
  return { source, mountpoint, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}
