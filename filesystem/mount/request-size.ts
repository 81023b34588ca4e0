import { readFileSync, writeFileSync } from "node:fs";
import { FusemeterError, messageOf } from "../../errors.js";
import { pageSizeBytes } from "../../linux/libc/page-size.js";
import { connectionAt } from "../../linux/mounts/mountinfo.js";

/** The limit of a kernel that does not show it (before Linux 6.13): FUSE_MAX_MAX_PAGES. */
const USUAL_PAGES = 256;

/** The window that the kernel gives a FUSE mount by itself: VM_READAHEAD_PAGES. */
const USUAL_READAHEAD_KIB = 128;

function pagesLimit(): number {
  try {
    return Number(readFileSync("/proc/sys/fs/fuse/max_pages_limit", "utf8"));
  } catch {
    return USUAL_PAGES;
  }
}

/** Checks the kernel's limit. @throws FusemeterError if it does not allow requests of this size */
export function checkRequestSize(bytes: number): void {
  const pages = Math.ceil(bytes / pageSizeBytes);
  if (pages <= Math.max(USUAL_PAGES, pagesLimit())) return;
  throw new FusemeterError({
    code: "REQUESTS_TOO_LARGE",
    fault: "host",
    problem: `this kernel allows requests of ${(pagesLimit() * pageSizeBytes) / 1024} KiB, not of ${bytes / 1024} KiB`,
    remedy: `raise the limit before the mount, as root: sysctl fs.fuse.max_pages_limit=${pages}`,
  });
}

/**
 * Lets the kernel read ahead more than FUSE's default. INIT can only lower the window; its owner, root, can raise it.
 *
 * @throws FusemeterError if it can't be raised
 */
export function raiseReadahead(mountpoint: string, kiB: number): void {
  if (kiB <= USUAL_READAHEAD_KIB) return;
  try {
    writeFileSync(`/sys/class/bdi/0:${connectionAt(mountpoint)}/read_ahead_kb`, String(kiB));
  } catch (cause) {
    throw new FusemeterError({
      code: "READAHEAD_NOT_RAISED",
      fault: "host",
      problem: `the readahead window of the mount can't be raised to ${kiB} KiB`,
      reason: messageOf(cause),
      remedy: `use ${USUAL_READAHEAD_KIB} KiB or less, or run as root with /sys writable`,
      cause,
    });
  }
}
