import { close, dup } from "../../linux/libc/files.js";
import { pageSizeBytes } from "../../linux/libc/page-size.js";
import type { InodeTable } from "./inodes.js";

/** Words of the shared memory. */
const Box = { state: 0, node: 1, fd: 2, page: 3, place: 4, expected: 5 } as const;

/** Places for what each open file is expected to be asked for next, by its descriptor. */
const FILES = 1024;

/** States of the box: nothing to push, being filled, filled, the mount has ended. */
const State = { idle: 0, claimed: 1, posted: 2, ended: 3 } as const;

/**
 * The page after a read is left out: its reader asks for it before a push could come, and the push would wait for that
 * answer.
 */
const SKIPPED_PAGES = 1;

/** A push to be made: the pages from `page` on, of a descriptor that the prefetch thread closes. */
export interface Push {
  readonly nodeId: number;
  readonly fd: number;
  readonly page: number;
  /** The word with the page of the file that is expected next. */
  readonly place: number;
}

/**
 * Readahead by the daemon instead of the kernel. A worker that serves a read at the end of the last one hands the pages behind
 * it over to the prefetch thread, which pushes them into the page cache. Workers never push: a push waits for pages that are
 * being read, and so for a worker. One push at a time; others that come meanwhile are dropped, since they are only guesses.
 *
 * Pages are counted in 32 bits, enough for files of 8 TiB.
 */
export class DaemonReadahead {
  readonly #words: Int32Array;
  readonly #inodes: InodeTable;
  readonly #windowPages: number;

  static create(): SharedArrayBuffer {
    return new SharedArrayBuffer(4 * (Box.expected + FILES));
  }

  constructor(memory: SharedArrayBuffer, inodes: InodeTable, windowBytes: number) {
    this.#words = new Int32Array(memory);
    this.#inodes = inodes;
    this.#windowPages = windowBytes / pageSizeBytes;
  }

  /** Notes a read, on the path of each. Must come before the answer, while the descriptor can't be closed. */
  noteRead(nodeId: number, fd: number, offset: number, lengthBytes: number): void {
    const words = this.#words;
    const at = Box.expected + (fd & (FILES - 1));
    const first = Math.floor(offset / pageSizeBytes);
    const next = Math.ceil((offset + lengthBytes) / pageSizeBytes);
    const expected = words[at]!;
    // A page of the current push or the last: the one that was left out, or one that came too late.
    if (first < expected && first >= expected - this.#windowPages - SKIPPED_PAGES) return;
    words[at] = next;
    if (first !== expected && first !== 0) return;
    if (Atomics.compareExchange(words, Box.state, State.idle, State.claimed) !== State.idle) return;
    const copy = dup(fd);
    if (copy < 0) {
      Atomics.store(words, Box.state, State.idle);
      return;
    }
    // The node id must not become another file's before the push.
    this.#inodes.hold(nodeId);
    words[Box.node] = nodeId;
    words[Box.fd] = copy;
    words[Box.page] = next + SKIPPED_PAGES;
    words[Box.place] = at;
    Atomics.store(words, Box.state, State.posted);
    Atomics.notify(words, Box.state);
  }

  /** Waits for the next push; null once the mount has ended. */
  next(): Push | null {
    const words = this.#words;
    for (;;) {
      const state = Atomics.load(words, Box.state);
      if (state === State.posted) {
        return { nodeId: words[Box.node]!, fd: words[Box.fd]!, page: words[Box.page]!, place: words[Box.place]! };
      }
      if (state === State.ended) return null;
      Atomics.wait(words, Box.state, state);
    }
  }

  /** Ends a push: the next read of this file is expected behind its last page. */
  done({ nodeId, fd, page, place }: Push, pages: number): void {
    const words = this.#words;
    close(fd);
    this.#inodes.forget(nodeId, 1);
    if (pages > 0) words[place] = page + pages;
    Atomics.compareExchange(words, Box.state, State.posted, State.idle);
  }

  end(): void {
    Atomics.store(this.#words, Box.state, State.ended);
    Atomics.notify(this.#words, Box.state);
  }
}
