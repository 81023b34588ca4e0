import { never, type Timeout } from "../protocol/attributes.js";
import { Fopen } from "../protocol/files.js";

/**
 * The kernel's caches of the source.
 *
 *     none     nothing: each operation asks the daemon
 *     bounded  names, missing names, listings and attributes for some seconds; a file's pages from one open to the next check
 *     full     all of it for good, listings and pages too: the source changes through this mount alone, or it is watched
 */
export type CacheMode = "none" | "bounded" | "full";

/** A cache mode as answers to the kernel: plain data, so that it reaches every worker. */
export interface CacheRules {
  /** The lifetime of names, missing ones too. */
  readonly entryTimeout: Timeout;
  readonly attrTimeout: Timeout;
  /** True if the targets of symbolic links are kept. A link never changes its target: a new one is a new inode. */
  readonly symlinks: boolean;
  /** True if files that the daemon reads go through the mount's page cache. */
  readonly pages: boolean;
  /** `fuse_open_out.open_flags` of an OPEN that the daemon reads through the page cache. */
  readonly fileFlags: number;
  /** The lifetime of a directory's listing. */
  readonly listingMilliseconds: number;
}

/** 68 years. The kernel cuts it to what its clock can count. */
const forever: Timeout = { seconds: 2 ** 31, nanoseconds: 0 };

/** The rules of a cache mode. @param seconds the lifetime of `bounded` caches */
export function cacheRules(mode: CacheMode, seconds: number): CacheRules {
  if (mode === "none") {
    return { entryTimeout: never, attrTimeout: never, symlinks: false, pages: false, fileFlags: 0, listingMilliseconds: 0 };
  }
  if (mode === "full") {
    return {
      entryTimeout: forever,
      attrTimeout: forever,
      symlinks: true,
      pages: true,
      fileFlags: Fopen.KEEP_CACHE,
      listingMilliseconds: Number.POSITIVE_INFINITY,
    };
  }
  const timeout = { seconds: Math.floor(seconds), nanoseconds: Math.round((seconds % 1) * 1e9) };
  return {
    entryTimeout: timeout,
    attrTimeout: timeout,
    symlinks: true,
    pages: true,
    fileFlags: 0,
    listingMilliseconds: seconds * 1000,
  };
}

/** `f_type` of statfs(2) (linux/magic.h): ext2 to ext4, XFS, btrfs, F2FS. */
const stableListings: ReadonlySet<number> = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010]);

/** Likewise those and tmpfs. */
const local: ReadonlySet<number> = new Set([...stableListings, 0x01021994]);

/** True if a filesystem may report a failed write by close(2) only: network filesystems, FUSE, and filesystems on top of them. */
export function mayReportLate(filesystemType: number): boolean {
  return !local.has(filesystemType);
}

/**
 * True if a directory's offsets mean the same in each open of it, as NFS needs too: then READDIR can do without OPENDIR.
 * overlayfs numbers its entries anew for each open, and tmpfs did before Linux 6.6.
 */
export function hasStableListings(filesystemType: number): boolean {
  return stableListings.has(filesystemType);
}
