import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";

const NOBODY = 65534;

/** How child_process starts a program as a user without any right. */
export const asNobody = { uid: NOBODY, gid: NOBODY, cwd: "/" } as const;

/** A folder that nobody owns. */
export function makeNobodysFolder(path: string): void {
  mkdirSync(path);
  chownSync(path, NOBODY, NOBODY);
}

/**
 * Lets nobody run the program and mount: the project is bound below a folder that nobody can reach, wherever it is, and
 * /dev/fuse is opened to all, as udev has it, since fusermount3 opens it with its user's rights.
 *
 * @returns where nobody finds the project; dispose before the folder is removed
 */
export function letNobodyMount(folder: string): Disposable & { readonly project: string } {
  const project = join(folder, "project");
  const deviceMode = statSync("/dev/fuse").mode & 0o777;
  chmodSync(folder, 0o755);
  chmodSync("/dev/fuse", 0o666);
  mkdirSync(project);
  execFileSync("mount", ["--bind", join(import.meta.dirname, ".."), project]);
  return {
    project,
    [Symbol.dispose]() {
      chmodSync("/dev/fuse", deviceMode);
      execFileSync("umount", [project]);
    },
  };
}
