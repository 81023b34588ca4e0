import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";

const NOBODY = 65534;

/** Options of child_process for a user without any rights. */
export const asNobody = { uid: NOBODY, gid: NOBODY, cwd: "/" } as const;

/** Makes a folder that the user nobody owns. */
export function makeNobodysFolder(path: string): void {
  mkdirSync(path);
  chownSync(path, NOBODY, NOBODY);
}

/**
 * Prepares the user nobody to run the program and to mount. The project is bound below a folder that this user can reach.
 * /dev/fuse is opened to all, as udev does it, because fusermount3 opens it with its user's rights.
 *
 * @returns the path of the project for that user; dispose before the folder is removed
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
