/** 32-bit words of a node. */
export const Node = {
  /** The next node of the chain or of the free list. */
  next: 0,
  generation: 1,
  lookupLow: 2,
  lookupHigh: 3,
  device: 4,
  inoLow: 5,
  inoHigh: 6,
  /** An O_PATH descriptor of the source's inode; -1 if the node has a handle instead. */
  fd: 7,
  /** The number of opens that the daemon serves, and of those that have the backing file. */
  daemonOpens: 8,
  passthroughOpens: 9,
  backingId: 10,
  /** The number of owners that have POSIX locks. */
  lockOwners: 11,
  /** A struct file_handle; its first word is 0 if there is none. */
  handle: 12,
  /** The type bits of its mode, which never change. */
  type: 24,
  /** The begin of the listing that the kernel keeps, in milliseconds of a clock that wraps; 0: it keeps none. */
  listed: 25,
  stride: 26,
} as const;

/** 32-bit words before the buckets. */
export const Head = { mutex: 0, free: 1, unused: 2, count: 3, descriptors: 4, budget: 5, words: 16 } as const;

/** The room of a table, in nodes and buckets. Memory that is not touched takes no room. */
export const NODES = 1 << 23;
export const BUCKETS = 1 << 21;

/** The word at which the first node begins. */
export const NODES_AT = Head.words + BUCKETS;

/** Memory of a table that has had more nodes than this is left to V8: it holds pages too. */
const MOST_TO_SPARE = 1 << 16;

/**
 * Cleared memory of tables whose mounts have ended. V8 would keep the address space of each, 840 MB, until it next collects garbage,
 * and a process that mounts again and again would run out of it.
 */
const spares: SharedArrayBuffer[] = [];

/** Memory for a table, all zero. */
export function takeInodeMemory(): SharedArrayBuffer {
  return spares.pop() ?? new SharedArrayBuffer(4 * (NODES_AT + NODES * Node.stride));
}

/**
 * Gives a table's memory back for the next mount. No thread uses it any more.
 *
 * @param words the whole of it
 * @param firstNode the id of the first node
 * @param bucketOf the word of a node's bucket
 */
export function giveInodeMemoryBack(words: Int32Array, firstNode: number, bucketOf: (nodeAt: number) => number): void {
  const unused = words[Head.unused]!;
  if (unused > MOST_TO_SPARE) return;
  for (let nodeId = firstNode; nodeId < unused; nodeId++) words[bucketOf(NODES_AT + nodeId * Node.stride)] = 0;
  words.fill(0, 0, Head.words);
  words.fill(0, NODES_AT, NODES_AT + unused * Node.stride);
  spares.push(words.buffer as SharedArrayBuffer);
}
