import { close } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import type { RangeLock } from "../../linux/libc/locks.js";
import { getLock, LockType, setLock } from "../../linux/libc/locks.js";
import { Memory } from "../../linux/libc/memory.js";
import type { InodeTable } from "./inodes.js";

interface Owner {
  /** A descriptor of its own: the kernel ties these locks to an open file, and an owner is a process. */
  readonly fd: number;
  pid: number;
  /** The callers' open files that its locks came through. */
  readonly files: Set<number>;
}

/**
 * POSIX locks on the source, by node and owner: each pair has an open file of its own, on which its locks are open file
 * description locks. So callers exclude each other, and other processes that lock the source. Closing the file ends them all.
 */
export class LockOwners {
  readonly #inodes: InodeTable;
  readonly #openFile: (nodeId: number, flags: number) => number;
  readonly #owners = new Map<number, Map<string, Owner>>();
  readonly #struct = new Memory(32);

  constructor(inodes: InodeTable, openFile: (nodeId: number, flags: number) => number) {
    this.#inodes = inodes;
    this.#openFile = openFile;
  }

  /** Sets or clears a lock without waiting: 0, or -errno (EAGAIN: another has it). */
  set(nodeId: number, file: number, owner: string, pid: number, lock: RangeLock): number {
    const fd = this.#descriptor(nodeId, owner, pid, lock.type !== LockType.UNLCK);
    this.#owners.get(nodeId)?.get(owner)?.files.add(file);
    // No descriptor and nothing to open one for: there is nothing to clear.
    return fd < 0 ? (lock.type === LockType.UNLCK ? 0 : fd) : setLock(fd, lock, this.#struct);
  }

  /** The lock that is in the way of one, with its process's id where that is a caller of this mount and the only other; or -errno. */
  get(nodeId: number, owner: string, pid: number, lock: RangeLock): (RangeLock & { pid: number }) | number {
    const known = this.#owners.get(nodeId)?.has(owner) ?? false;
    const fd = this.#descriptor(nodeId, owner, pid, true);
    if (fd < 0) return fd;
    const found = getLock(fd, lock, this.#struct);
    const others = [...(this.#owners.get(nodeId) ?? [])].filter(([name]) => name !== owner);
    if (!known) this.release(nodeId, owner);
    if (typeof found === "number") return found;
    return { ...found, pid: others.length === 1 ? others[0]![1].pid : 0 };
  }

  /**
   * Ends the locks that came through an open file that is gone. A process's have ended before, with its FLUSH; the rest
   * belong to the open file itself (F_OFD_SETLK), for which the kernel sends no unlock.
   */
  releaseFile(nodeId: number, file: number): void {
    for (const [owner, { files }] of [...(this.#owners.get(nodeId) ?? [])]) if (files.has(file)) this.release(nodeId, owner);
  }

  /** Ends all locks of an owner on a node. */
  release(nodeId: number, owner: string): void {
    const owners = this.#owners.get(nodeId);
    const held = owners?.get(owner);
    if (owners === undefined || held === undefined) return;
    close(held.fd);
    owners.delete(owner);
    if (owners.size === 0) this.#owners.delete(nodeId);
    this.#inodes.addLockOwners(nodeId, -1);
  }

  /** Ends them all. */
  releaseAll(): void {
    for (const [nodeId, owners] of [...this.#owners]) for (const owner of [...owners.keys()]) this.release(nodeId, owner);
  }

  #descriptor(nodeId: number, name: string, pid: number, make: boolean): number {
    const known = this.#owners.get(nodeId)?.get(name);
    if (known !== undefined) {
      known.pid = pid;
      return known.fd;
    }
    if (!make) return -1;
    // A lock to write wants a file that can be written; whether the caller has one, the kernel has checked.
    let fd = this.#openFile(nodeId, Open.RDWR);
    if (fd < 0) fd = this.#openFile(nodeId, Open.RDONLY);
    if (fd < 0) return fd;
    const owners = this.#owners.get(nodeId) ?? new Map<string, Owner>();
    owners.set(name, { fd, pid, files: new Set() });
    this.#owners.set(nodeId, owners);
    this.#inodes.addLockOwners(nodeId, 1);
    return fd;
  }
}
