import { chmodSync, fstatSync, mkdirSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../errors.js";
import { openBeneath } from "../../linux/libc/beneath.js";
import { errnoName } from "../../linux/libc/errno.js";
import { close, openPath } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import { Flock, flock } from "../../linux/libc/locks.js";
import { damaged, unusable } from "./errors.js";

/** The names in a store. */
export const TREE = "tree";
export const JOURNAL = "journal";
/** Stands beside a tree that is still being made. */
const MAKING = "making";

/** The directory of a store, which this process alone uses. */
export interface StoreDirectory {
  /** Its real path. */
  readonly path: string;
  readonly fd: number;
  /** True if its tree is there whole. */
  readonly isMade: boolean;
}

/**
 * Opens a directory as a store, or makes one. Nobody but its owner can reach what is in it: an incomplete file shows zeros there.
 *
 * @throws FusemeterError if it holds something else, belongs to somebody else, or is in use
 */
export function openDirectory(path: string): StoreDirectory {
  const fd = makeAndOpen(path);
  try {
    const real = realpathSync(`/proc/self/fd/${fd}`);
    if (flock(fd, Flock.EX | Flock.NB) < 0) {
      throw unusable("STORE_IN_USE", path, "another process uses it", "unmount its mount, or name another store");
    }
    if (fstatSync(fd).uid !== process.getuid!()) {
      throw unusable("STORE_NOT_OURS", path, "it belongs to another user", "name a directory of your own");
    }
    chmodSync(`/proc/self/fd/${fd}`, 0o700);
    const names = readdirSync(`/proc/self/fd/${fd}`);
    const isMade = names.includes(JOURNAL);
    if (!isMade && names.length > 0 && !names.includes(MAKING)) {
      throw unusable("STORE_NOT_EMPTY", path, `it holds ${names[0]} and no journal`, "name an empty or a new directory");
    }
    return { path: real, fd, isMade };
  } catch (error) {
    close(fd);
    throw error;
  }
}

function makeAndOpen(path: string): number {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw unusable("STORE_NOT_A_DIRECTORY", path, messageOf(cause), "name a directory");
  }
  const fd = openPath(path, Open.RDONLY | Open.DIRECTORY);
  if (fd < 0) throw unusable("STORE_NOT_A_DIRECTORY", path, errnoName(-fd), "name a directory");
  return fd;
}

/** Clears a store for its tree: a descriptor of the tree's directory. What an earlier start had made of it goes. */
export function startTree({ fd, path }: StoreDirectory): number {
  const marker = openBeneath(fd, MAKING, Open.WRONLY | Open.CREAT | Open.NOFOLLOW | Open.NONBLOCK, 0o600);
  if (marker < 0) throw damaged(MAKING, errnoName(-marker));
  close(marker);
  rmSync(join(path, TREE), { recursive: true, force: true });
  mkdirSync(join(path, TREE), 0o700);
  return openTree(fd);
}

/** Ends the making of a tree. */
export function finishTree({ path }: StoreDirectory): void {
  rmSync(join(path, MAKING), { force: true });
}

/** A descriptor of the tree's directory. */
export function openTree(store: number): number {
  const fd = openBeneath(store, TREE, Open.PATH | Open.DIRECTORY | Open.NOFOLLOW);
  if (fd < 0) throw damaged(TREE, errnoName(-fd));
  return fd;
}
