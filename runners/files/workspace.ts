import { mkdir, mkdtemp, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { FusemeterError, messageOf } from "../../errors.js";

/** The directories of one run, below the directory that the user chose: the source tree and an empty mountpoint. */
export interface Workspace extends AsyncDisposable {
  readonly source: string;
  readonly mountpoint: string;
}

/**
 * Makes the directories of a run. Disposing removes them with all that was written in them; it never crosses a mount: with
 * the mountpoint still in use it fails, and nothing behind the mount is touched.
 *
 * @throws {FusemeterError} `BAD_DIRECTORY` where nothing can be made there
 */
export async function makeWorkspace(directory: string): Promise<Workspace> {
  let root: string;
  let made: string | undefined;
  try {
    made = await mkdir(directory, { recursive: true });
    root = await mkdtemp(join(directory, "fusemeter-"));
  } catch (cause) {
    throw new FusemeterError({
      code: "BAD_DIRECTORY",
      exitCode: 2,
      problem: `no test files can be made in ${directory} (${messageOf(cause)})`,
      remedy: "give --directory DIR, a writable directory on the filesystem that is to be measured",
      cause,
    });
  }
  const [source, mountpoint] = [join(root, "source"), join(root, "mountpoint")];
  await mkdir(source);
  await mkdir(mountpoint);
  return {
    source,
    mountpoint,
    async [Symbol.asyncDispose]() {
      await rmdir(mountpoint);
      await rm(root, { recursive: true, force: true });
      // A directory that was made for this and holds nothing else goes too; one with a result in it stays.
      if (made !== undefined) await rmdir(directory).catch(() => {});
    },
  };
}
