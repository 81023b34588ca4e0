import { mkdirSync, symlinkSync } from "node:fs";
import { basename, dirname } from "node:path";
import { linkDescriptor, makeNode, openBeneath } from "../../linux/libc/beneath.js";
import { errnoName } from "../../linux/libc/errno.js";
import { close, ftruncate } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import type { DirectoryEntry, Entry } from "../manifest/index.js";
import { restoreTime, setAttributes } from "./attributes.js";
import { damaged, unwritable } from "./errors.js";

/** `st_mode` of a FIFO, and of a character device. */
const S_IFIFO = 0o010000;
const S_IFCHR = 0o020000;

const PATH = Open.PATH | Open.NOFOLLOW;

/**
 * Makes every entry of a tree, with all attributes; the files are holes of their full sizes. No name leads out of the tree: each parent is
 * resolved below the root without symbolic links, and each name must be new.
 *
 * @param root a descriptor of the tree's directory, which is empty
 */
export function makeTree(root: number, entries: readonly Entry[]): void {
  const parents = new Parents(root);
  try {
    for (const entry of entries) if (entry.path !== "") makeEntry(root, parents, entry);
  } finally {
    parents.close();
  }
  // Making an entry has changed the times of its directory.
  for (const entry of entries) if (entry.type === "directory") finishDirectory(root, entry);
}

function makeEntry(root: number, parents: Parents, entry: Entry): void {
  const { path } = entry;
  if (path.includes("\0")) throw damaged(`tree/${path}`, "its name holds a zero byte");
  const directory = parents.of(path);
  const name = basename(path);
  const at = `/proc/self/fd/${directory}/${name}`;
  try {
    if (entry.type === "directory") mkdirSync(at, 0o700);
    else if (entry.type === "symlink") symlinkSync(entry.target, at);
    else if (entry.type === "hardlink") makeLink(root, entry.target, directory, name);
    else if (entry.type === "file") makeFile(directory, name, entry.size);
    else must(makeNode(directory, name, (entry.type === "fifo" ? S_IFIFO : S_IFCHR) | 0o600));
  } catch (error) {
    throw unwritable(`tree/${path}`, error instanceof Error ? error.message : String(error));
  }
  if (entry.type === "hardlink") return;
  withEntry(directory, name, (fd) => setAttributes(fd, entry, entry.type === "symlink", true));
}

function makeFile(directory: number, name: string, size: number): void {
  const fd = must(openBeneath(directory, name, Open.WRONLY | Open.CREAT | Open.EXCL | Open.NOFOLLOW, 0o600));
  const done = ftruncate(fd, size);
  close(fd);
  must(done);
}

function makeLink(root: number, target: string, directory: number, name: string): void {
  withEntry(root, target, (fd) => must(linkDescriptor(fd, directory, name)));
}

function finishDirectory(root: number, entry: DirectoryEntry): void {
  withEntry(root, entry.path, (fd) => {
    if (entry.path === "") setAttributes(fd, entry, false, true);
    restoreTime(fd, entry);
  });
}

/** Opens an entry below a directory, never through a symbolic link, for a function. @throws if it can't be opened */
export function withEntry<T>(directory: number, path: string, use: (fd: number) => T): T {
  const fd = must(openBeneath(directory, path, PATH));
  try {
    return use(fd);
  } finally {
    close(fd);
  }
}

function must(result: number): number {
  if (result < 0) throw new Error(errnoName(-result));
  return result;
}

/** The directory of the entry that was made last, since most have the same as the one before. */
class Parents {
  readonly #root: number;
  #path = "";
  #fd = -1;

  constructor(root: number) {
    this.#root = root;
  }

  of(path: string): number {
    const parent = dirname(path);
    if (parent === ".") return this.#root;
    if (parent !== this.#path) {
      this.close();
      const fd = openBeneath(this.#root, parent, Open.PATH | Open.DIRECTORY);
      if (fd < 0) throw damaged(`tree/${path}`, `its directory can't be reached (${errnoName(-fd)})`);
      this.#fd = fd;
      this.#path = parent;
    }
    return this.#fd;
  }

  close(): void {
    if (this.#fd >= 0) close(this.#fd);
    this.#fd = -1;
    this.#path = "";
  }
}
