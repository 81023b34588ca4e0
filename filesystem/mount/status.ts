import { FusemeterError } from "../../errors.js";
import { Errno, errnoName } from "../../linux/libc/errno.js";
import { readAttribute } from "../../linux/libc/extended-attributes.js";
import { type MountStatus, STATUS_ATTRIBUTE, STATUS_BYTES } from "../serving/status.js";

/** The status of the mount at `mountpoint`. @throws FusemeterError if it is no mount of ours, or not this user's */
export function readStatus(mountpoint: string): MountStatus {
  const value = Buffer.alloc(STATUS_BYTES);
  const length = readAttribute(mountpoint, STATUS_ATTRIBUTE, value);
  if (length >= 0) return JSON.parse(value.toString("utf8", 0, length)) as MountStatus;
  if (length === -Errno.ENODATA || length === -Errno.EOPNOTSUPP) {
    throw new FusemeterError({
      code: "NO_MOUNT_OF_OURS",
      fault: "use",
      problem: `${mountpoint} is not the root of a mount by fusemeter`,
      remedy: "name a mountpoint that `findmnt -t fuse.fusemeter` lists",
    });
  }
  throw new FusemeterError({
    code: "STATUS_UNREADABLE",
    fault: "use",
    problem: `the status of ${mountpoint} can't be read`,
    reason: errnoName(-length),
    remedy: "run as root or as the daemon's user; if the daemon has ended, unmount it",
  });
}
