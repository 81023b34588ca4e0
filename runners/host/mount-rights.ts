import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { FusemeterError } from "../../errors.js";
import { isRoot } from "../../linux/libc/is-root.js";
import { MOUNT_HELPER } from "../../linux/mounts/unprivileged.js";

/**
 * Checks that this user may mount: as root, or through the helper, which opens /dev/fuse with its user's rights. Missing
 * privileges of a single backend, such as passthrough, are reported when it is mounted.
 *
 * @throws {FusemeterError} `NO_FUSE_DEVICE` or `NOT_ROOT`
 */
export function checkMountRights(): void {
  if (!existsSync("/dev/fuse")) {
    throw new FusemeterError({
      code: "NO_FUSE_DEVICE",
      fault: "host",
      problem: "/dev/fuse is missing",
      remedy: "load the module: modprobe fuse (in a container: --device /dev/fuse), or use --backends native",
    });
  }
  if (isRoot() || (mayOpen("/dev/fuse", constants.R_OK | constants.W_OK) && hasHelper())) return;
  throw new FusemeterError({
    code: "NOT_ROOT",
    fault: "host",
    problem: "this user may not mount",
    reason: `mounting needs root, or ${MOUNT_HELPER} and the right to open /dev/fuse`,
    remedy: "run as root, or install fuse3, or use --backends native",
  });
}

function hasHelper(): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => mayOpen(join(folder, MOUNT_HELPER), constants.X_OK));
}

function mayOpen(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
