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
    const isMissing = codeOf(error) === "ENOENT";
    throw new FusemeterError({
      code: "SOURCE_MISSING",
      fault: "use",
      problem: `the source ${source} ${isMissing ? "does not exist" : "can't be reached"}`,
      reason: isMissing ? null : codeOf(error),
      remedy: "name a directory that exists",
      cause: error,
    });
  }
  throw new FusemeterError({
    code: "SOURCE_NOT_A_DIRECTORY",
    fault: "use",
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
      fault: "use",
      problem: `the mountpoint ${mountpoint} is not a directory`,
      remedy: "name an empty directory",
    });
  }
  if (entries.length > 0) {
    throw new FusemeterError({
      code: "MOUNTPOINT_NOT_EMPTY",
      fault: "use",
      problem: `the mountpoint ${mountpoint} is not empty`,
      reason: `it holds ${entries[0]}${entries.length > 1 ? " and more" : ""}`,
      remedy: "name an empty directory",
    });
  }
  if (path === source || path.startsWith(source === sep ? sep : source + sep)) {
    throw new FusemeterError({
      code: "MOUNTPOINT_IN_SOURCE",
      fault: "use",
      problem: `the mountpoint ${mountpoint} lies inside the source ${source}`,
      reason: "the mount would contain itself",
      remedy: "name an empty directory outside of it",
    });
  }
  return path;
}

function unreachable(mountpoint: string, code: string, cause: unknown): FusemeterError {
  if (code === "ENOTCONN") {
    return new FusemeterError({
      code: "MOUNTPOINT_DEAD",
      fault: "use",
      problem: `the mount on ${mountpoint} is dead`,
      reason: "its FUSE daemon has ended",
      remedy: `unmount it: umount ${mountpoint}`,
      cause,
    });
  }
  const isMissing = code === "ENOENT";
  return new FusemeterError({
    code: isMissing ? "MOUNTPOINT_MISSING" : "MOUNTPOINT_UNREACHABLE",
    fault: "use",
    problem: `the mountpoint ${mountpoint} ${isMissing ? "does not exist" : "can't be reached"}`,
    reason: isMissing ? null : code,
    // A directory that may not be reached is there: making it is no remedy.
    remedy: isMissing
      ? `make it: mkdir -p ${mountpoint}`
      : "name an empty directory that this user may read, below directories that the user may search",
    cause,
  });
}

/** @throws FusemeterError where there is no FUSE device */
export function checkFuseDevice(): void {
  if (existsSync("/dev/fuse")) return;
  throw new FusemeterError({
    code: "NO_FUSE",
    fault: "host",
    problem: "/dev/fuse is missing",
    remedy: "load the module: modprobe fuse. In a container, start it with --device /dev/fuse --cap-add SYS_ADMIN",
  });
}
