import { closeSync, openSync, readSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

const NAME = "data";
const BLOCK_BYTES = 4096;
const BLOCKS = 16384;

/** A prime that has no factor in common with the number of blocks: its multiples visit each block once. */
const STRIDE = 7919;

/** Makes the file that blocks are read from and written to. */
export function makeDataFile(directory: string): void {
  writeFileSync(join(directory, NAME), Buffer.alloc(BLOCKS * BLOCK_BYTES, 1));
}

/** pread(2) or pwrite(2). */
type BlockOperation = (fd: number, block: Buffer, start: number, bytes: number, offset: number) => number;

/** Does something with each block once, in an order that jumps. @returns the number of blocks */
function onEachBlock(directory: string, flags: "r" | "r+", operation: BlockOperation): number {
  const fd = openSync(join(directory, NAME), flags);
  const block = Buffer.alloc(BLOCK_BYTES, 1);
  for (let index = 0; index < BLOCKS; index++) operation(fd, block, 0, BLOCK_BYTES, ((index * STRIDE) % BLOCKS) * BLOCK_BYTES);
  closeSync(fd);
  return BLOCKS;
}

export const readBlocks = (directory: string) => onEachBlock(directory, "r", readSync);
export const writeBlocks = (directory: string) => onEachBlock(directory, "r+", writeSync);
