/** The unit in which a file arrives: a page of most machines. */
const BLOCK_BYTES = 4096;

/** 32-bit words of a file's row. */
const Row = { inoLow: 0, inoHigh: 1, firstWord: 2, blocks: 3, missing: 4, lastBytes: 5, time: 6, stride: 9 } as const;

/** 32-bit words before the rows. */
const Head = { buckets: 0, words: 8 } as const;

/** A file whose content is still to come. */
export interface ArrivingFile {
  /** The inode number in the source. All files are of one filesystem. */
  readonly ino: bigint;
  readonly sizeBytes: number;
  /** The time of change that it has when complete: its arrival is no change. */
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
}

/**
 * The parts of a source's files that have arrived, in memory that all threads share: a bit for each 4 KiB block, and for each file the
 * number of blocks that are missing. Files are found by their inode numbers; a file without a row is complete. Blocks only ever
 * arrive, so a look needs no lock.
 */
export class ArrivalTable {
  readonly #words: Int32Array;

  /** Memory for files of which nothing has arrived. */
  static create(files: readonly ArrivingFile[]): SharedArrayBuffer {
    const buckets = 2 ** Math.ceil(Math.log2(2 * files.length + 2));
    const bitsAt = Head.words + buckets * Row.stride;
    const bitWords = files.reduce((sum, { sizeBytes }) => sum + wordsFor(sizeBytes), 0);
    const memory = new SharedArrayBuffer(4 * (bitsAt + bitWords));
    const words = new Int32Array(memory);
    words[Head.buckets] = buckets;
    let next = bitsAt;
    for (const { ino, sizeBytes, mtimeSeconds, mtimeNanoseconds } of files) {
      const at = freeRow(words, Number(ino & 0xffff_ffffn), Number(ino >> 32n));
      words[at + Row.firstWord] = next;
      words[at + Row.blocks] = Math.ceil(sizeBytes / BLOCK_BYTES);
      words[at + Row.missing] = words[at + Row.blocks]!;
      words[at + Row.lastBytes] = ((sizeBytes - 1) % BLOCK_BYTES) + 1;
      words[at + Row.time] = mtimeSeconds;
      words[at + Row.time + 1] = Math.floor(mtimeSeconds / 2 ** 32);
      words[at + Row.time + 2] = mtimeNanoseconds;
      next += wordsFor(sizeBytes);
    }
    return memory;
  }

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  /** True if no part of a file is missing. */
  isComplete(inoLow: number, inoHigh: number): boolean {
    const at = findRow(this.#words, inoLow, inoHigh);
    return at < 0 || Atomics.load(this.#words, at + Row.missing) === 0;
  }

  /** Copies the time of change of a file with a row: the seconds in two words, the nanoseconds in one. */
  copyTime(inoLow: number, inoHigh: number, to: Uint32Array, toAt: number): void {
    const at = findRow(this.#words, inoLow, inoHigh);
    for (let word = 0; at >= 0 && word < 3; word++) to[toAt + word] = this.#words[at + Row.time + word]!;
  }

  /** True if no part of a range is missing. The range may reach beyond the file's end. */
  has(inoLow: number, inoHigh: number, offset: number, sizeBytes: number): boolean {
    const words = this.#words;
    const at = findRow(words, inoLow, inoHigh);
    if (at < 0 || Atomics.load(words, at + Row.missing) === 0) return true;
    const firstWord = words[at + Row.firstWord]!;
    const end = Math.min(words[at + Row.blocks]!, Math.ceil((offset + sizeBytes) / BLOCK_BYTES));
    for (let block = Math.floor(offset / BLOCK_BYTES); block < end; ) {
      const mask = maskOf(block, end);
      if ((Atomics.load(words, firstWord + (block >>> 5)) & mask) !== mask) return false;
      block = (block | 31) + 1;
    }
    return true;
  }

  /**
   * Notes that a range has arrived: its blocks that lie in it whole, and the file's last one where the range reaches the end. The data
   * must be in the file before.
   *
   * @returns true if the file is complete
   */
  add(ino: bigint, from: number, to: number): boolean {
    const words = this.#words;
    const at = findRow(words, Number(ino & 0xffff_ffffn), Number(ino >> 32n));
    if (at < 0) return true;
    const firstWord = words[at + Row.firstWord]!;
    const blocks = words[at + Row.blocks]!;
    const fileEnd = (blocks - 1) * BLOCK_BYTES + words[at + Row.lastBytes]!;
    const end = to >= fileEnd ? blocks : Math.floor(to / BLOCK_BYTES);
    let added = 0;
    for (let block = Math.ceil(from / BLOCK_BYTES); block < end; ) {
      const mask = maskOf(block, end);
      added += countOf(mask & ~Atomics.or(words, firstWord + (block >>> 5), mask));
      block = (block | 31) + 1;
    }
    return Atomics.sub(words, at + Row.missing, added) === added;
  }
}

/** The words for a file's bits: whole ones, so that no two files share one. */
function wordsFor(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BLOCK_BYTES / 32);
}

/** The bits of the word of `block`, from it up to `end`. */
function maskOf(block: number, end: number): number {
  const above = end >>> 5 > block >>> 5 ? -1 : (1 << (end & 31)) - 1;
  return above & (-1 << (block & 31));
}

function countOf(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function firstRow(words: Int32Array, inoLow: number, inoHigh: number): number {
  // 2^32 divided by the golden ratio spreads neighbours.
  const hash = Math.imul(inoLow ^ Math.imul(inoHigh, 31), 0x9e3779b1);
  return (hash >>> 7) & (words[Head.buckets]! - 1);
}

/** The row of a file; -1 if it has none. Inode numbers are never 0. */
function findRow(words: Int32Array, inoLow: number, inoHigh: number): number {
  const last = words[Head.buckets]! - 1;
  for (let row = firstRow(words, inoLow, inoHigh); ; row = (row + 1) & last) {
    const at = Head.words + row * Row.stride;
    if (words[at + Row.inoLow] === (inoLow | 0) && words[at + Row.inoHigh] === (inoHigh | 0)) {
      return words[at + Row.blocks] === 0 ? -1 : at;
    }
    if (words[at + Row.inoLow] === 0 && words[at + Row.inoHigh] === 0) return -1;
  }
}

/** Takes a free row for a file. @throws if the file has a row */
function freeRow(words: Int32Array, inoLow: number, inoHigh: number): number {
  const last = words[Head.buckets]! - 1;
  for (let row = firstRow(words, inoLow, inoHigh); ; row = (row + 1) & last) {
    const at = Head.words + row * Row.stride;
    if (words[at + Row.inoLow] === (inoLow | 0) && words[at + Row.inoHigh] === (inoHigh | 0)) {
      throw new Error(`two files with inode number ${inoHigh * 2 ** 32 + inoLow}`);
    }
    if (words[at + Row.inoLow] === 0 && words[at + Row.inoHigh] === 0) {
      words[at + Row.inoLow] = inoLow;
      words[at + Row.inoHigh] = inoHigh;
      return at;
    }
  }
}
