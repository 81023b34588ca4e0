import { statxOf } from "../../linux/libc/attributes.js";
import { Errno, errnoName } from "../../linux/libc/errno.js";
import { eventsIn, Fan, type FanotifyEvent, waitForEither } from "../../linux/libc/fanotify.js";
import { FileHandle } from "../../linux/libc/file-handles.js";
import { close, read } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import { Memory } from "../../linux/libc/memory.js";
import { Invalidation } from "../serving/invalidation.js";
import { InodeTable } from "../tables/inodes.js";
import { serveMounts } from "./thread.js";

/** The start data of the watcher. */
export interface WatcherData {
  readonly inodes: SharedArrayBuffer;
  readonly connection: number;
  /** A directory of the source's filesystem, to open handles by. */
  readonly handleRoot: number;
  /** A descriptor of fanotify(7). */
  readonly events: number;
  /** An eventfd that ends it. */
  readonly wake: number;
}

/**
 * The delay of a second look at events of files without a node: a lookup may have seen the file as it was before the change,
 * and give it a node just after.
 */
const SECOND_LOOK_MS = 100;
/** The largest number of such events that are kept. */
const MOST_LATER = 4096;

const CHANGES_NAMES = Fan.CREATE | Fan.DELETE | Fan.MOVED_FROM | Fan.MOVED_TO;

// The thread that turns changes of the source into notifications. Its calls may wait for workers, and no worker waits for it.
serveMounts((data: WatcherData, ready) => {
  const watcher = new Watcher(data);
  ready();
  watcher.run();
});

class Watcher {
  readonly #data: WatcherData;
  readonly #inodes: InodeTable;
  readonly #invalidation: Invalidation;
  readonly #handle = new FileHandle();
  readonly #statx = new Memory(256);
  readonly #buffer = new Memory(65536);
  #later: { readonly dueMs: number; readonly event: FanotifyEvent }[] = [];

  constructor(data: WatcherData) {
    this.#data = data;
    this.#inodes = new InodeTable(data.inodes);
    this.#invalidation = new Invalidation(data.connection);
  }

  /** Watches until it is woken to end. */
  run(): void {
    const { events, wake } = this.#data;
    for (;;) {
      const [first] = this.#later;
      const timeoutMs = first === undefined ? -1 : Math.max(0, Math.ceil(first.dueMs - performance.now()));
      const [hasEvents, isOver] = waitForEither(events, wake, timeoutMs);
      if (isOver) return;
      if (hasEvents) {
        const length = read(events, this.#buffer.address, this.#buffer.bytes.length);
        if (length < 0 && length !== -Errno.EAGAIN && length !== -Errno.EINTR) throw new Error(`fanotify: ${errnoName(-length)}`);
        if (length > 0) this.#take(length);
      }
      if (this.#later.length > 0) this.#lookAgain();
    }
  }

  #take(length: number): void {
    for (const event of eventsIn(this.#buffer, length)) {
      // The kernel asked for the changes that this process makes, and knows them.
      if (event.pid === process.pid) continue;
      if ((event.mask & Fan.Q_OVERFLOW) !== 0) this.#tellAll();
      else if (!this.#tell(event) && this.#later.length < MOST_LATER)
        this.#later.push({ dueMs: performance.now() + SECOND_LOOK_MS, event });
    }
  }

  #lookAgain(): void {
    const nowMs = performance.now();
    for (const { event } of this.#later.filter(({ dueMs }) => dueMs <= nowMs)) this.#tell(event);
    this.#later = this.#later.filter(({ dueMs }) => dueMs > nowMs);
  }

  /** Tells the kernel about an event: true if every file of it had a node. */
  #tell(event: FanotifyEvent): boolean {
    const { mask, name } = event;
    const directory = this.#nodeOf(event.directory);
    // An event of a directory itself comes with the name ".".
    const isSelf = name?.toString() === ".";
    if (directory !== 0 && isSelf) this.#invalidation.attributes(directory);
    if (directory !== 0 && !isSelf && name !== null && (mask & CHANGES_NAMES) !== 0) {
      this.#invalidation.entry(directory, name);
      this.#invalidation.content(directory);
    }
    const file = this.#nodeOf(event.file);
    if (file !== 0) {
      // The pages of a file that is open in passthrough are its own: there are none to drop.
      if ((mask & Fan.MODIFY) !== 0) this.#invalidation.content(file);
      else this.#invalidation.attributes(file);
    }
    return (event.directory === null || directory !== 0) && (event.file === null || file !== 0);
  }

  /** Invalidates everything, since events were lost. */
  #tellAll(): void {
    this.#invalidation.allEntries();
    for (const nodeId of this.#inodes.nodeIds()) this.#invalidation.content(nodeId);
  }

  /** The node of a file; 0 if the kernel does not have it. */
  #nodeOf(words: Uint32Array | null): number {
    const handle = this.#handle;
    if (words === null || words.length > handle.words.length) return 0;
    handle.words.fill(0);
    handle.words.set(words);
    const fd = handle.open(this.#data.handleRoot, Open.PATH | Open.CLOEXEC);
    if (fd < 0) return 0;
    const seen = statxOf(fd, this.#statx.address);
    close(fd);
    return seen < 0 ? 0 : this.#inodes.nodeOf(this.#statx.words);
  }
}
