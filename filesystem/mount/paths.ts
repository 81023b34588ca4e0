import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { sep } from "node:path";
import { FusemeterError } from "../../errors.js";

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

/** The real path of the tree to be mirrored. @throws FusemeterError where it is no directory that can be read */
export function resolveSource(source: string): string {
  try {
    const path = realpathSync(source);
    if (statSync(path).isDirectory()) return path;
  } catch (error) {
    const problem =
      codeOf(error) === "ENOENT"
        ? `the source ${source} does not exist`
        : `the source ${source} can't be reached (${codeOf(error)})`;
    throw new FusemeterError({
      code: "SOURCE_MISSING",
      exitCode: 2,
      problem,
      remedy: "name a directory that exists",
      cause: error,
    });
  }
  throw new FusemeterError({
    code: "SOURCE_NOT_A_DIRECTORY",
    exitCode: 2,
    problem: `the source ${source} is not a directory`,
    remedy: "name a directory",
  });
}

/** The real path of the place to mount on. @throws FusemeterError where it is no empty directory outside of the source */
export function resolveMountpoint(mountpoint: string, source: string): string {
  let path: string;
  let entries: string[] | null;
  try {
    path = realpathSync(mountpoint);
    entries = statSync(path).isDirectory() ? readdirSync(path) : null;
  } catch (error) {
    throw unreachable(mountpoint, codeOf(error), error);
  }
  if (entries === null) {
    throw new FusemeterError({
      code: "MOUNTPOINT_NOT_A_DIRECTORY",
      exitCode: 2,
      problem: `the mountpoint ${mountpoint} is not a directory`,
      remedy: "name an empty directory",
    });
  }
  if (entries.length > 0) {
    throw new FusemeterError({
      code: "MOUNTPOINT_NOT_EMPTY",
      exitCode: 2,
      problem: `the mountpoint ${mountpoint} is not empty (${entries[0]}${entries.length > 1 ? ", …" : ""})`,
      remedy: "name an empty directory",
    });
  }
  if (path === source || path.startsWith(source === sep ? sep : source + sep)) {
    throw new FusemeterError({
      code: "MOUNTPOINT_IN_SOURCE",
      exitCode: 2,
      problem: `the mountpoint ${mountpoint} lies inside the source ${source}, so the mount would contain itself`,
      remedy: "name an empty directory outside of it",
    });
  }
  return path;
}

function unreachable(mountpoint: string, code: string, cause: unknown): FusemeterError {
  if (code === "ENOTCONN") {
    return new FusemeterError({
      code: "MOUNTPOINT_DEAD",
      exitCode: 2,
      problem: `on ${mountpoint} hangs a FUSE mount whose daemon is gone`,
      remedy: `umount ${mountpoint}`,
      cause,
    });
  }
  if (code === "ENOENT") {
    return new FusemeterError({
      code: "MOUNTPOINT_MISSING",
      exitCode: 2,
      problem: `the mountpoint ${mountpoint} does not exist`,
      remedy: `mkdir -p ${mountpoint}`,
      cause,
    });
  }
  return new FusemeterError({
    code: "MOUNTPOINT_UNREACHABLE",
    exitCode: 2,
    problem: `the mountpoint ${mountpoint} can't be reached (${code})`,
    remedy:
      code === "EACCES"
        ? "run it as a user who may read that directory and search those above it, or name another"
        : "name an empty directory",
    cause,
  });
}

/** @throws FusemeterError where there is no FUSE device */
export function checkFuseDevice(): void {
  if (existsSync("/dev/fuse")) return;
  throw new FusemeterError({
    code: "NO_FUSE_DEVICE",
    exitCode: 3,
    problem: "there is no /dev/fuse",
    remedy: "modprobe fuse; in a container, start it with --device /dev/fuse --cap-add SYS_ADMIN",
  });
}
