/** The largest number of views of a file: the file as it is, and one for each transform. */
export const MOST_VIEWS = 128;

/** The high word of a file handle, from here on: the open sees its inode by a view. Number 0 is the file as it is. */
export const FIRST_VIEW = 0x100;

/** A view as a part of the high word of a file handle. */
export function handleOfView(view: number): number {
  return FIRST_VIEW * (view + 1);
}

/** The view of a file handle's high word; below 0 if it has none. */
export function viewOfHandle(high: number): number {
  return (high >>> 8) - 1;
}

const COUNT_BITS = 24;
const COUNT = (1 << COUNT_BITS) - 1;
/** Stands for a view: opens by several views met. */
const MIXED = MOST_VIEWS - 1;

/**
 * The view by which each inode is open, in memory that all workers share: a word a node, with the number of its opens and their view.
 *
 * The kernel has one page cache an inode, for all of its opens. read(2) on these opens goes past it, but a mapping, sendfile(2) and
 * splice(2) do not. So pages are given out only while all opens of an inode have one view; the next open by another view drops
 * them (each open without FOPEN_KEEP_CACHE does, fs/fuse/file.c) and none are given out until the inode has been closed.
 */
export class Views {
  readonly #words: Int32Array;

  /** @param nodes the number of node ids */
  static create(nodes: number): SharedArrayBuffer {
    return new SharedArrayBuffer(4 * nodes);
  }

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  /** Counts an open. Must come before its answer: pages that the kernel drops after the answer must not come back. */
  enter(nodeId: number, view: number): void {
    this.#change(nodeId, (word) => {
      const count = word & COUNT;
      const seen = count === 0 || word >>> COUNT_BITS === view ? view : MIXED;
      return (seen << COUNT_BITS) | (count + 1);
    });
  }

  leave(nodeId: number): void {
    this.#change(nodeId, (word) => word - 1);
  }

  /** True if all opens of an inode have this view. */
  isOnly(nodeId: number, view: number): boolean {
    return Atomics.load(this.#words, nodeId) >>> COUNT_BITS === view;
  }

  #change(nodeId: number, next: (word: number) => number): void {
    for (let word = Atomics.load(this.#words, nodeId); ; ) {
      const seen = Atomics.compareExchange(this.#words, nodeId, word, next(word));
      if (seen === word) return;
      word = seen;
    }
  }
}
