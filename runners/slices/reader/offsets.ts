import { shuffle } from "simple-statistics";
import { seededRandom } from "../../../workloads/index.js";

/** The order in which one reader visits the blocks of a file. */
export interface Offsets {
  /** The most operations of one slice, its lead-in included. */
  readonly most: number;
  /**
   * Makes ready for a slice.
   *
   * @param operations those of the slice, its lead-in included
   * @returns true where blocks that were visited before come again: a mount's pages of them must be dropped
   */
  begin(operations: number): boolean;
  /** The next block's offset in bytes. It is called no more often than `begin` has said. */
  next(): number;
}

/** The blocks of one of several sequential readers. */
interface SequentialBlocks {
  /** The first byte of its part of the file, and the blocks of that part. */
  readonly firstByte: number;
  readonly blocks: number;
  readonly ioSizeBytes: number;
  readonly seed: number;
}

/**
 * Block after block. Each slice begins somewhere else, no two of a pass in one place: parts of a file differ (the size of the
 * folios that hold it, their place in memory), and a reader that went on where it was would meet for a whole round what its
 * neighbour meets in another one.
 */
export function inSequence({ firstByte, blocks, ioSizeBytes, seed }: SequentialBlocks): Offsets {
  const random = seededRandom(seed);
  let size = 0;
  let starts: number[] = [];
  let block = 0;
  return {
    most: blocks,
    begin(operations) {
      const isOver = starts.length === 0 || operations !== size;
      if (isOver) {
        size = operations;
        starts = shuffle(
          Array.from({ length: Math.max(1, Math.floor(blocks / size)) }, (_, index) => index * size),
          random,
        );
      }
      block = starts.pop()!;
      return isOver;
    },
    next: () => firstByte + block++ * ioSizeBytes,
  };
}

/** The blocks that one of several random readers visits. */
interface RandomBlocks {
  /** The blocks of the file. */
  readonly blocks: number;
  /** One block in this many is read in a pass; the next pass reads their neighbours. */
  readonly stride: number;
  readonly readers: number;
  /** The number of this reader, from 0. No two readers visit one block in a pass. */
  readonly reader: number;
  readonly ioSizeBytes: number;
  readonly seed: number;
}

/**
 * Blocks in random order, none twice in a pass. A pass leaves most blocks out: the kernel takes a random read beside a cached page
 * for the start of a stream (context readahead, `page_cache_sync_ra` in mm/readahead.c).
 */
export function atRandom({ blocks, stride, readers, reader, ioSizeBytes, seed }: RandomBlocks): Offsets {
  const random = seededRandom(seed);
  const perPass = Math.floor(blocks / stride / readers);
  const order = Float64Array.from({ length: perPass }, (_, index) => index);
  let pass = -1;
  let position = perPass;
  return {
    most: perPass,
    begin(operations) {
      if (position + operations <= perPass) return false;
      pass = (pass + 1) % stride;
      order.set(shuffle([...order], random));
      position = 0;
      return true;
    },
    next: () => ((order[position++]! * readers + reader) * stride + pass) * ioSizeBytes,
  };
}
