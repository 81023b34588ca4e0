import { Errno, errnoName } from "../../linux/libc/errno.js";
import { write } from "../../linux/libc/files.js";
import { Memory } from "../../linux/libc/memory.js";
import { OutHeader } from "../protocol/header.js";
import {
  FUSE_NOTIFY_INC_EPOCH,
  FUSE_NOTIFY_INVAL_ENTRY,
  FUSE_NOTIFY_INVAL_INODE,
  NotifyInvalEntryOut,
  NotifyInvalInodeOut,
} from "../protocol/notify.js";
import { writeU64 } from "../protocol/words.js";

/** The longest name, and its NUL. */
const NAME_ROOM = 256;
const BODY = OutHeader.bytes / 4;

/**
 * Invalidates the kernel's caches. A call may wait for requests that are under way, so no worker makes one, except
 * about the attributes of the node that it serves. A node or name that the kernel does not have in its caches is no error.
 */
export class Invalidation {
  readonly #device: number;
  readonly #message = new Memory(OutHeader.bytes + NotifyInvalInodeOut.bytes + NAME_ROOM);

  constructor(device: number) {
    this.#device = device;
  }

  /** Drops a node's attributes and its pages, which for a directory are its listing. */
  content(nodeId: number): void {
    this.#inode(nodeId, 0);
  }

  /** Drops a node's attributes alone. */
  attributes(nodeId: number): void {
    this.#inode(nodeId, -1);
  }

  /** Drops a name, also one that is known to be missing. */
  entry(parent: number, name: Buffer): void {
    const { words, bytes } = this.#message;
    if (name.length >= NAME_ROOM) return;
    writeU64(words, BODY + NotifyInvalEntryOut.parent, parent);
    words[BODY + NotifyInvalEntryOut.namelen] = name.length;
    words[BODY + NotifyInvalEntryOut.flags] = 0;
    const nameAt = OutHeader.bytes + NotifyInvalEntryOut.bytes;
    name.copy(bytes, nameAt);
    bytes[nameAt + name.length] = 0;
    this.#send(FUSE_NOTIFY_INVAL_ENTRY, NotifyInvalEntryOut.bytes + name.length + 1);
  }

  /** Drops all names. */
  allEntries(): void {
    this.#send(FUSE_NOTIFY_INC_EPOCH, 0);
  }

  #inode(nodeId: number, offset: number): void {
    const { words } = this.#message;
    writeU64(words, BODY + NotifyInvalInodeOut.ino, nodeId);
    writeU64(words, BODY + NotifyInvalInodeOut.off, offset);
    writeU64(words, BODY + NotifyInvalInodeOut.len, 0);
    this.#send(FUSE_NOTIFY_INVAL_INODE, NotifyInvalInodeOut.bytes);
  }

  #send(kind: number, bodyBytes: number): void {
    const { words, address } = this.#message;
    words[OutHeader.len] = OutHeader.bytes + bodyBytes;
    words[OutHeader.error] = kind;
    words[OutHeader.unique] = 0;
    words[OutHeader.unique + 1] = 0;
    const sent = write(this.#device, address, OutHeader.bytes + bodyBytes);
    // ENOENT: it has none. ENOTDIR: the node is no directory any more. ENODEV, ENOTCONN: unmounted.
    const expected: readonly number[] = [Errno.ENOENT, Errno.ENOTDIR, Errno.ENODEV, Errno.ENOTCONN, Errno.ENOTEMPTY, Errno.EBUSY];
    if (sent < 0 && !expected.includes(-sent)) throw new Error(`notification ${kind}: ${errnoName(-sent)}`);
  }
}
