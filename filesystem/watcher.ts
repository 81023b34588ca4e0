import { parentPort, workerData } from "node:worker_threads";
import { InodeTable } from "./inodes.js";
import { Invalidation } from "./invalidation.js";
import { statxOf } from "./linux/attributes.js";
import { Errno, errnoName } from "./linux/errno.js";
import { eventsIn, Fan, type FanotifyEvent, waitForEither } from "./linux/fanotify.js";
import { FileHandle } from "./linux/file-handles.js";
import { close, read } from "./linux/files.js";
import { Open } from "./linux/flags.js";
import { Memory } from "./linux/memory.js";

/** What the watcher is started with. */
export interface WatcherData {
  readonly inodes: SharedArrayBuffer;
  readonly connection: number;
  /** A directory of the source's filesystem, to open handles by. */
  readonly handleRoot: number;
  /** Of fanotify(7). */
  readonly events: number;
  /** An eventfd that ends it. */
  readonly wake: number;
}

/**
 * When events of files that no node was found for are looked at again: a lookup may have seen the file as it was before the change,
 * and give it a node just after.
 */
const SECOND_LOOK_MS = 100;
/** How many of those are kept. */
const MOST_LATER = 4096;

const CHANGES_NAMES = Fan.CREATE | Fan.DELETE | Fan.MOVED_FROM | Fan.MOVED_TO;

// The thread that turns changes of the source into notifications. Its calls may wait for workers, and no worker waits for it.
const data = workerData as WatcherData;
const inodes = new InodeTable(data.inodes);
const invalidation = new Invalidation(data.connection);
const handle = new FileHandle();
const statx = new Memory(256);
const buffer = new Memory(65536);
let later: { readonly dueMs: number; readonly event: FanotifyEvent }[] = [];

/** The node of a file; 0 where the kernel does not have it. */
function nodeOf(words: Uint32Array | null): number {
  if (words === null || words.length > handle.words.length) return 0;
  handle.words.fill(0);
  handle.words.set(words);
  const fd = handle.open(data.handleRoot, Open.PATH | Open.CLOEXEC);
  if (fd < 0) return 0;
  const seen = statxOf(fd, statx.address);
  close(fd);
  return seen < 0 ? 0 : inodes.nodeOf(statx.words);
}

/** Tells the kernel: whether every file of the event had a node. */
function tell(event: FanotifyEvent): boolean {
  const { mask, name } = event;
  const directory = nodeOf(event.directory);
  // An event of a directory itself comes with the name ".".
  const isSelf = name?.toString() === ".";
  if (directory !== 0 && isSelf) invalidation.attributes(directory);
  if (directory !== 0 && !isSelf && name !== null && (mask & CHANGES_NAMES) !== 0) {
    invalidation.entry(directory, name);
    invalidation.content(directory);
  }
  const file = nodeOf(event.file);
  if (file !== 0) {
    // The pages of a file that is open in passthrough are its own: there are none to drop.
    if ((mask & Fan.MODIFY) !== 0) invalidation.content(file);
    else invalidation.attributes(file);
  }
  return (event.directory === null || directory !== 0) && (event.file === null || file !== 0);
}

/** Events were lost: nothing that the kernel knows can be believed. */
function tellAll(): void {
  invalidation.allEntries();
  for (const nodeId of inodes.nodeIds()) invalidation.content(nodeId);
}

function take(length: number): void {
  for (const event of eventsIn(buffer, length)) {
    // What this process does, the kernel asked for, and knows.
    if (event.pid === process.pid) continue;
    if ((event.mask & Fan.Q_OVERFLOW) !== 0) tellAll();
    else if (!tell(event) && later.length < MOST_LATER) later.push({ dueMs: performance.now() + SECOND_LOOK_MS, event });
  }
}

function lookAgain(): void {
  const nowMs = performance.now();
  for (const { event } of later.filter(({ dueMs }) => dueMs <= nowMs)) tell(event);
  later = later.filter(({ dueMs }) => dueMs > nowMs);
}

parentPort!.postMessage("ready");
for (;;) {
  const [first] = later;
  const [hasEvents, isOver] = waitForEither(
    data.events,
    data.wake,
    first === undefined ? -1 : Math.max(0, Math.ceil(first.dueMs - performance.now())),
  );
  if (isOver) break;
  if (hasEvents) {
    const length = read(data.events, buffer.address, buffer.bytes.length);
    if (length < 0 && length !== -Errno.EAGAIN && length !== -Errno.EINTR) throw new Error(`fanotify: ${errnoName(-length)}`);
    if (length > 0) take(length);
  }
  if (later.length > 0) lookAgain();
}
