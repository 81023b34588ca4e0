import { Statx } from "../../linux/libc/statx.js";
import type { Context } from "./context.js";

/** A read of a range of which a part has not arrived. */
export interface MissingRead {
  /** The inode number of the file in the source. */
  readonly ino: bigint;
  readonly offset: number;
  readonly sizeBytes: number;
  /** The reader's process; 0 for one that this process can't see, and for the kernel's own readahead. */
  readonly pid: number;
}

/**
 * The owner of a source whose files are still arriving. All of their names, attributes and sizes are there; their content is there as far
 * as the table says.
 */
export interface Arrivals {
  /** The memory of an `ArrivalTable`. Reads of what has arrived look here and ask nobody. */
  readonly table: SharedArrayBuffer;
  /**
   * Waits for a range: 0 once it has arrived, or the errno with which the read is to fail. Runs in the thread that has mounted.
   *
   * @param signal aborted when nobody waits any more: the reader was interrupted. The result is then ignored
   */
  waitFor(read: MissingRead, signal: AbortSignal): Promise<number>;
}

/** The deferred thread's message to the thread that has mounted: a read that waits, or the number of one that no longer does. */
export type ArrivalRequest = { readonly id: number; readonly read: MissingRead } | { readonly withdrawn: number };

/** The message back: 0 or an errno. */
export interface ArrivalAnswer {
  readonly id: number;
  readonly errno: number;
}

/** True if a part of a node's file has not arrived. */
export function isArriving({ arrival, inodes }: Context, nodeId: number): boolean {
  return arrival !== null && !arrival.isComplete(inodes.inoLow(nodeId), inodes.inoHigh(nodeId));
}

/**
 * Shows an arriving file, whose attributes are in `context.registers.statx`, as if it were complete. With its holes told, cp(1) and tar(1)
 * would take them for zeros; and the arrival of data is no change of the file.
 */
export function showComplete({ arrival, registers: { statx } }: Context): void {
  if (arrival === null) return;
  const { words } = statx;
  if (arrival.isComplete(words[Statx.ino]!, words[Statx.ino + 1]!)) return;
  const blocks = Math.ceil((words[Statx.size + 1]! * 2 ** 32 + words[Statx.size]!) / 512);
  words[Statx.blocks] = blocks;
  words[Statx.blocks + 1] = blocks / 2 ** 32;
  arrival.copyTime(words[Statx.ino]!, words[Statx.ino + 1]!, words, Statx.mtime);
}
