import { fstatfs, statxOf } from "../../linux/libc/attributes.js";
import { errnoName } from "../../linux/libc/errno.js";
import { FileHandle } from "../../linux/libc/file-handles.js";
import { close, openPath } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import { Memory } from "../../linux/libc/memory.js";
import { openByOwnMount, sourceAttributesOf } from "../../linux/mounts/mount.js";
import { Statfs } from "../protocol/statfs.js";
import type { UndoList } from "./undo-list.js";

/** The tree that a mount mirrors, opened. */
export interface Source {
  /** An O_PATH descriptor of its root. */
  readonly root: number;
  /** The root's struct statx. */
  readonly rootStatx: Uint32Array;
  /** `f_type` of statfs(2). */
  readonly filesystemType: number;
  /** A directory to open file handles by, and the id of its mount; -1 if the filesystem has none, or this user may not use them. */
  readonly handleRoot: number;
  readonly handleMount: number;
}

/** Opens a directory as a source. @param mountFlags of the mount to be made */
export function openSource(path: string, mountFlags: number, undo: UndoList): Source {
  const root = undo.keep(openRoot(path, sourceAttributesOf(mountFlags)));
  const statx = new Memory(256);
  statxOf(root, statx.address);
  return { root, rootStatx: statx.words, filesystemType: filesystemType(root), ...openHandleRoot(root, undo) };
}

/** For read-only or atime options the source is reopened through a private bind mount, if this user may make one. */
function openRoot(source: string, attributes: number | null): number {
  const unseen = attributes === null ? -1 : openByOwnMount(source, attributes);
  return unseen >= 0 ? unseen : openDirectory(source);
}

/** Opens a directory as an O_PATH descriptor. */
export function openDirectory(path: string): number {
  const fd = openPath(path, Open.PATH | Open.DIRECTORY);
  if (fd < 0) throw new Error(`open ${path}: ${errnoName(-fd)}`);
  return fd;
}

function filesystemType(directory: number): number {
  const statfs = new Memory(Statfs.bytes);
  fstatfs(directory, statfs.address);
  return statfs.words[Statfs.type]!;
}

function openHandleRoot(root: number, undo: UndoList): Pick<Source, "handleRoot" | "handleMount"> {
  const none = { handleRoot: -1, handleMount: -1 };
  const directory = openPath(`/proc/self/fd/${root}`, Open.RDONLY | Open.DIRECTORY);
  if (directory < 0) return none;
  undo.keep(directory);
  const handle = new FileHandle();
  const again = handle.take(directory) === 0 ? handle.open(directory, Open.PATH | Open.CLOEXEC) : -1;
  if (again < 0) return none;
  close(again);
  return { handleRoot: directory, handleMount: handle.mountId };
}
