import { shuffle } from "simple-statistics";
import { seededRandom } from "../../../workloads/index.js";

/** The order in which one reader visits the blocks of a file. */
export interface Offsets {
  /** Blocks that are left in this pass. */
  readonly left: number;
  /** The most blocks of one pass. */
  readonly perPass: number;
  /** The next block's offset in bytes. The caller looks at `left` first. */
  next(): number;
  /** Begins a pass over other blocks, or again from the start. */
  renew(): void;
}

/**
 * Block after block through a part of the file, from a place in it; a pass ends at the end of the part, and the next one begins at
 * its first byte.
 *
 * @param start the part of the way at which the first pass begins, 0 to 1: contenders that read one file side by side must not find
 *   in the CPU's caches what their neighbour has just read
 */
export function inSequence(firstByte: number, blocks: number, ioSizeBytes: number, start: number): Offsets {
  let block = Math.floor(blocks * start);
  return {
    get left() {
      return blocks - block;
    },
    perPass: blocks,
    next: () => firstByte + block++ * ioSizeBytes,
    renew() {
      block = 0;
    },
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
  let position = 0;
  const renew = () => {
    pass = (pass + 1) % stride;
    order.set(shuffle([...order], random));
    position = 0;
  };
  renew();
  return {
    get left() {
      return perPass - position;
    },
    perPass,
    next: () => ((order[position++]! * readers + reader) * stride + pass) * ioSizeBytes,
    renew,
  };
}
