import { Errno, errnoName } from "../../linux/libc/errno.js";
import { write } from "../../linux/libc/files.js";
import { Memory } from "../../linux/libc/memory.js";
import { pageSizeBytes } from "../../linux/libc/page-size.js";
import { preadv2, RWF_NOWAIT } from "../../linux/libc/preadv2.js";
import { OutHeader } from "../protocol/header.js";
import { FUSE_NOTIFY_STORE, NotifyStoreOut } from "../protocol/notify.js";
import { writeU64 } from "../protocol/words.js";
import { DaemonReadahead, type Push } from "../tables/daemon-readahead.js";
import { InodeTable } from "../tables/inodes.js";
import { serveMounts } from "./thread.js";

/** The start data of the prefetch thread. */
export interface PrefetchData {
  readonly readahead: SharedArrayBuffer;
  readonly inodes: SharedArrayBuffer;
  readonly connection: number;
  readonly windowBytes: number;
}

const front = OutHeader.bytes + NotifyStoreOut.bytes;

// The prefetch thread: it pushes pages into the page cache of the mount before anybody asks for them.
serveMounts(({ readahead, inodes, connection, windowBytes }: PrefetchData, ready) => {
  const pushes = new DaemonReadahead(readahead, new InodeTable(inodes), windowBytes);
  const message = new Memory(front + windowBytes);
  const vector = new Memory(16);
  writeU64(vector.words, 0, message.address + front);
  writeU64(vector.words, 2, windowBytes);
  ready();
  for (let next = pushes.next(); next !== null; next = pushes.next()) pushes.done(next, push(connection, message, vector, next));
});

/** Pushes the pages of a window that are in memory, up to the first that is not: the number of pages pushed. */
function push(connection: number, message: Memory, vector: Memory, { nodeId, fd, page }: Push): number {
  const offset = page * pageSizeBytes;
  const found = preadv2(fd, vector.address, 1, offset, RWF_NOWAIT);
  const pages = Math.floor(found / pageSizeBytes);
  if (pages <= 0) return 0;
  const size = pages * pageSizeBytes;
  const { words } = message;
  words[OutHeader.len] = front + size;
  words[OutHeader.error] = FUSE_NOTIFY_STORE;
  writeU64(words, OutHeader.unique, 0);
  const out = OutHeader.bytes / 4;
  writeU64(words, out + NotifyStoreOut.nodeid, nodeId);
  writeU64(words, out + NotifyStoreOut.offset, offset);
  words[out + NotifyStoreOut.size] = size;
  const sent = write(connection, message.address, front + size);
  // ENOENT: the kernel has forgotten the file. ENODEV, ENOTCONN: unmounted, or aborted.
  if (sent < 0 && sent !== -Errno.ENOENT && sent !== -Errno.ENODEV && sent !== -Errno.ENOTCONN) {
    throw new Error(`write /dev/fuse, FUSE_NOTIFY_STORE: ${errnoName(-sent)}`);
  }
  return sent < 0 ? 0 : pages;
}
