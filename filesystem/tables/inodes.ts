import { FILE_HANDLE_WORDS } from "../../linux/libc/file-handles.js";
import { close } from "../../linux/libc/files.js";
import { Mode } from "../../linux/libc/flags.js";
import { deviceOf, modeOf, Statx } from "../../linux/libc/statx.js";
import type { U64 } from "../protocol/words.js";
import { BUCKETS, giveInodeMemoryBack, Head, NODES, NODES_AT, Node, takeInodeMemory } from "./inode-memory.js";
import { Mutex } from "./mutex.js";

/** The root's node id: FUSE_ROOT_ID. */
export const ROOT = 1;

/** Buckets of one page of memory, as a power of two. */
const PAGE_BITS = 10;

/**
 * Every inode that the kernel knows, in memory that all workers share: node ids, lookup counts, generations, and how each
 * is open. A node id is the index of its slot; a slot that is used again gets a new generation. The source's inode is
 * found by (device, inode number), which the node's O_PATH descriptor keeps from being used again.
 *
 * Descriptors are bounded: once the budget is spent, further nodes keep a file handle instead (name_to_handle_at(2)), by
 * which their file is opened for each operation. A handle tells a file from a later one with the same inode number.
 */
export class InodeTable {
  readonly #words: Int32Array;
  readonly #mutex: Mutex;

  /** Memory for a table whose root is open at `rootFd`. @param budget the number of nodes that may have a descriptor */
  static create(rootFd: number, rootStatx: Uint32Array, budget: number): SharedArrayBuffer {
    const memory = takeInodeMemory();
    const table = new InodeTable(memory);
    const words = new Int32Array(memory);
    words[Head.unused] = ROOT;
    words[Head.budget] = budget;
    const root = table.insert(rootFd, rootStatx, null);
    if (root !== ROOT) throw new Error("the root did not become node 1");
    return memory;
  }

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
    this.#mutex = new Mutex(this.#words, Head.mutex);
  }

  /** The number of nodes. */
  get count(): number {
    return Atomics.load(this.#words, Head.count);
  }

  /** The number of nodes that have a descriptor. */
  get descriptors(): number {
    return Atomics.load(this.#words, Head.descriptors);
  }

  /** The O_PATH descriptor of a node; -1 if it has a handle instead, and for an id that was never given out. */
  fd(nodeId: number): number {
    return this.#wasGivenOut(nodeId) ? this.#words[this.#at(nodeId) + Node.fd]! : -1;
  }

  /** Copies the handle of a node: false if it has none. */
  copyHandle(nodeId: number, to: Uint32Array): boolean {
    if (!this.#wasGivenOut(nodeId)) return false;
    const from = this.#at(nodeId) + Node.handle;
    for (let word = 0; word < FILE_HANDLE_WORDS; word++) to[word] = this.#words[from + word]!;
    return to[0] !== 0;
  }

  /** True if a new node will need a handle: the budget is spent, or there are nodes that only a handle tells apart. */
  get needsHandles(): boolean {
    const descriptors = this.#words[Head.descriptors]!;
    return descriptors >= this.#words[Head.budget]! || descriptors < this.#words[Head.count]!;
  }

  /** True if a node is the file that this handle names. */
  hasHandle(nodeId: number, handle: Uint32Array): boolean {
    const at = this.#at(nodeId) + Node.handle;
    for (let word = 0; word < FILE_HANDLE_WORDS; word++) if (this.#words[at + word]! >>> 0 !== handle[word]) return false;
    return true;
  }

  /** Takes back the lookup of a node whose file is gone and whose inode number is another file's now: it will not be found again. */
  disown(nodeId: number): void {
    this.#mutex.acquire();
    try {
      this.#unchain(nodeId, this.#at(nodeId));
    } finally {
      this.#mutex.release();
    }
    this.forget(nodeId, 1);
  }

  /** True if a node is a regular file: nothing else may be opened to be read and written. A FIFO waits, a device acts. */
  isRegular(nodeId: number): boolean {
    return this.#wasGivenOut(nodeId) && this.#words[this.#at(nodeId) + Node.type] === Mode.IFREG;
  }

  /** The halves of a node's inode number in the source. */
  inoLow(nodeId: number): number {
    return this.#words[this.#at(nodeId) + Node.inoLow]!;
  }

  inoHigh(nodeId: number): number {
    return this.#words[this.#at(nodeId) + Node.inoHigh]!;
  }

  generation(nodeId: number): number {
    return this.#words[this.#at(nodeId) + Node.generation]!;
  }

  /** The node of an inode, without a lookup; 0 if there is none. */
  nodeOf(statx: Uint32Array): number {
    this.#mutex.acquire();
    try {
      return this.#search(deviceOf(statx) | 0, statx[Statx.ino]! | 0, statx[Statx.ino + 1]! | 0);
    } finally {
      this.#mutex.release();
    }
  }

  /** Every id that was given out so far; some may be free by now. */
  *nodeIds(): Generator<number> {
    for (let nodeId = ROOT; nodeId < this.#words[Head.unused]!; nodeId++) yield nodeId;
  }

  /** The node of an inode, with one lookup more; 0 if there is none yet. */
  find(statx: Uint32Array): number {
    this.#mutex.acquire();
    try {
      const nodeId = this.#search(deviceOf(statx) | 0, statx[Statx.ino]! | 0, statx[Statx.ino + 1]! | 0);
      if (nodeId !== 0) this.#addLookup(nodeId);
      return nodeId;
    } finally {
      this.#mutex.release();
    }
  }

  /**
   * The node of an inode, with one lookup more, made if there is none yet. The table owns `fd` from here on.
   * 0 if the table is full.
   *
   * @param handle the file's, which the node gets instead of the descriptor once the budget is spent; null: it has none
   */
  insert(fd: number, statx: Uint32Array, handle: Uint32Array | null): number {
    const words = this.#words;
    const device = deviceOf(statx) | 0;
    const inoLow = statx[Statx.ino]! | 0;
    const inoHigh = statx[Statx.ino + 1]! | 0;
    let surplus = fd;
    this.#mutex.acquire();
    try {
      const known = this.#search(device, inoLow, inoHigh);
      if (known !== 0) {
        const isAnother = words[this.#at(known) + Node.fd]! < 0 && handle !== null && !this.hasHandle(known, handle);
        if (!isAnother) {
          this.#addLookup(known);
          return known;
        }
        this.#unchain(known, this.#at(known));
      }
      const nodeId = this.#allocate();
      if (nodeId === 0) return 0;
      const at = this.#at(nodeId);
      const bucket = this.#bucket(device, inoLow, inoHigh);
      words[at + Node.device] = device;
      words[at + Node.inoLow] = inoLow;
      words[at + Node.inoHigh] = inoHigh;
      words[at + Node.type] = modeOf(statx) & Mode.IFMT;
      words[at + Node.listed] = 0;
      words[at + Node.lookupLow] = 1;
      words[at + Node.lookupHigh] = 0;
      words[at + Node.next] = words[bucket]!;
      words[bucket] = nodeId;
      words[Head.count]!++;
      if (handle === null || words[Head.descriptors]! < words[Head.budget]!) {
        words[at + Node.fd] = fd;
        words[at + Node.handle] = 0;
        words[Head.descriptors]!++;
        surplus = -1;
      } else {
        words[at + Node.fd] = -1;
        words.set(handle, at + Node.handle);
      }
      return nodeId;
    } finally {
      this.#mutex.release();
      if (surplus >= 0) close(surplus);
    }
  }

  /** Takes lookups away; with the last, the node and its descriptor go. An id that is not in use and too high a count are ignored. */
  forget(nodeId: number, lookups: U64): void {
    const words = this.#words;
    if (nodeId <= ROOT || nodeId >= words[Head.unused]!) return;
    const at = this.#at(nodeId);
    let surplus = -1;
    this.#mutex.acquire();
    try {
      const known = (words[at + Node.lookupHigh]! >>> 0) * 2 ** 32 + (words[at + Node.lookupLow]! >>> 0);
      const left = known - Number(lookups);
      if (known === 0 || left < 0) return;
      words[at + Node.lookupLow] = left;
      words[at + Node.lookupHigh] = left / 2 ** 32;
      if (left > 0) return;
      surplus = words[at + Node.fd]!;
      this.#remove(nodeId, at);
    } finally {
      this.#mutex.release();
      if (surplus >= 0) close(surplus);
    }
  }

  /**
   * Runs a decision about a node's opens, of which no two run at once. It may change the state's fields. It must be short: every worker
   * waits. It must not call the table.
   */
  withOpens<T>(nodeId: number, decide: (opens: OpenState) => T): T {
    const words = this.#words;
    const at = this.#at(nodeId);
    this.#mutex.acquire();
    try {
      const opens: OpenState = {
        daemon: words[at + Node.daemonOpens]!,
        passthrough: words[at + Node.passthroughOpens]!,
        backingId: words[at + Node.backingId]!,
      };
      const result = decide(opens);
      words[at + Node.daemonOpens] = opens.daemon;
      words[at + Node.passthroughOpens] = opens.passthrough;
      words[at + Node.backingId] = opens.backingId;
      return result;
    } finally {
      this.#mutex.release();
    }
  }

  /** Every node with passthrough opens. */
  passthroughNodes(): { nodeId: number; opens: number; backingId: number }[] {
    const words = this.#words;
    const found = [];
    for (let nodeId = ROOT; nodeId < words[Head.unused]!; nodeId++) {
      const at = this.#at(nodeId);
      const backingId = words[at + Node.backingId]!;
      if (backingId > 0) found.push({ nodeId, opens: words[at + Node.passthroughOpens]!, backingId });
    }
    return found;
  }

  /** True if the kernel's listing of a directory is younger than that; if not, it counts as begun now. */
  hasListingOf(nodeId: number, milliseconds: number): boolean {
    const at = this.#at(nodeId) + Node.listed;
    const listed = this.#words[at]!;
    // The same clock in every thread. Always odd, since 0 says never.
    const [seconds, nanoseconds] = process.hrtime();
    const now = (seconds * 1000 + nanoseconds / 1e6) | 1;
    if (listed !== 0 && (now - listed) >>> 0 < milliseconds) return true;
    this.#words[at] = now;
    return false;
  }

  /** The number of owners that have POSIX locks on a node: closing a file must let go of them. */
  lockOwners(nodeId: number): number {
    return Atomics.load(this.#words, this.#at(nodeId) + Node.lockOwners);
  }

  addLockOwners(nodeId: number, difference: 1 | -1): void {
    Atomics.add(this.#words, this.#at(nodeId) + Node.lockOwners, difference);
  }

  /** Closes every descriptor that the table owns, which is all but the root's, after the connection has ended. */
  closeAll(): void {
    for (let nodeId = ROOT + 1; nodeId < this.#words[Head.unused]!; nodeId++) {
      const fd = this.fd(nodeId);
      if (fd >= 0) close(fd);
    }
  }

  /** Gives the table's memory back for the next mount. No thread uses it any more. */
  giveBack(): void {
    const words = this.#words;
    giveInodeMemoryBack(words, ROOT, (at) =>
      this.#bucket(words[at + Node.device]!, words[at + Node.inoLow]!, words[at + Node.inoHigh]!),
    );
  }

  #wasGivenOut(nodeId: number): boolean {
    return nodeId >= ROOT && nodeId < this.#words[Head.unused]!;
  }

  /** The first word of a node; that of slot 0, which no node has, for an id that was never given out. */
  #at(nodeId: number): number {
    return NODES_AT + (this.#wasGivenOut(nodeId) ? nodeId : 0) * Node.stride;
  }

  #bucket(device: number, inoLow: number, inoHigh: number): number {
    // Neighbouring inode numbers have neighbouring buckets, a page of them: files of one directory are neighbours mostly, and the first
    // touch of a page is dearer than a lookup. Pages are spread by the rest (2^32 divided by the golden ratio).
    const page = Math.imul((inoLow >>> PAGE_BITS) ^ Math.imul(inoHigh, 31) ^ Math.imul(device, 17), 0x9e3779b1);
    return Head.words + ((((page >>> 8) << PAGE_BITS) | (inoLow & (2 ** PAGE_BITS - 1))) & (BUCKETS - 1));
  }

  #search(device: number, inoLow: number, inoHigh: number): number {
    const words = this.#words;
    for (let nodeId = words[this.#bucket(device, inoLow, inoHigh)]!; nodeId !== 0; ) {
      const at = this.#at(nodeId);
      if (words[at + Node.inoLow] === inoLow && words[at + Node.inoHigh] === inoHigh && words[at + Node.device] === device) {
        return nodeId;
      }
      nodeId = words[at + Node.next]!;
    }
    return 0;
  }

  /** Keeps a node while a thread works with it, as one lookup more would; `forget` ends it. */
  hold(nodeId: number): void {
    this.#mutex.acquire();
    try {
      this.#addLookup(nodeId);
    } finally {
      this.#mutex.release();
    }
  }

  #addLookup(nodeId: number): void {
    const at = this.#at(nodeId);
    const low = (this.#words[at + Node.lookupLow]! + 1) | 0;
    this.#words[at + Node.lookupLow] = low;
    if (low === 0) this.#words[at + Node.lookupHigh]!++;
  }

  #allocate(): number {
    const words = this.#words;
    const free = words[Head.free]!;
    if (free !== 0) {
      words[Head.free] = words[this.#at(free) + Node.next]!;
      return free;
    }
    if (words[Head.unused] === NODES) return 0;
    return words[Head.unused]!++;
  }

  /** Takes a node out of its chain, if it still is in it. */
  #unchain(nodeId: number, at: number): void {
    const words = this.#words;
    let link = this.#bucket(words[at + Node.device]!, words[at + Node.inoLow]!, words[at + Node.inoHigh]!);
    while (words[link] !== 0 && words[link] !== nodeId) link = this.#at(words[link]!) + Node.next;
    if (words[link] === nodeId) words[link] = words[at + Node.next]!;
  }

  #remove(nodeId: number, at: number): void {
    const words = this.#words;
    this.#unchain(nodeId, at);
    if (words[at + Node.fd]! >= 0) words[Head.descriptors]!--;
    words[at + Node.fd] = -1;
    words[at + Node.handle] = 0;
    words[at + Node.generation]!++;
    words[at + Node.next] = words[Head.free]!;
    words[Head.free] = nodeId;
    words[Head.count]!--;
  }
}

/** The opens of an inode. */
export interface OpenState {
  daemon: number;
  passthrough: number;
  /** 0 if there is none. */
  backingId: number;
}
