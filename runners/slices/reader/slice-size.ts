import type { SliceJob } from "./protocol.js";

/** A sequential reader's way into its stream, at least. */
const LEAD_BYTES = 2 ** 20;

/** Windows of readahead that a sequential reader's way into its stream has, and that its slice has at least. */
const LEAD_WINDOWS = 2;
const SLICE_WINDOWS = 4;

/** The part of a slice that is done before it, untimed: caches and cores get used to the contender. */
const LEAD_PART = 1 / 16;

/** Fewer operations make no slice, as far as the file has room: of all readers, and of each of several. */
const LEAST_OPERATIONS = 16;
const LEAST_OF_A_READER = 4;

/** Sizes that differ by less than this factor become one: contenders of one speed then keep their distance in the file. */
const ALIKE = 1.5;

type Sized = Pick<SliceJob, "pattern" | "readers" | "ioSizeBytes" | "windowBytes">;

/** The untimed operations before a slice of so many. */
export function leadOf({ pattern, readers, ioSizeBytes, windowBytes }: Sized, operations: number): number {
  if (pattern === "random") return readers * Math.max(1, Math.ceil((operations * LEAD_PART) / readers));
  return readers * Math.max(4, Math.ceil(Math.max(LEAD_BYTES, LEAD_WINDOWS * windowBytes) / ioSizeBytes));
}

/** The operations of the smallest slice: one of each reader, or a whole window. */
function unitOf({ pattern, readers, ioSizeBytes, windowBytes }: Sized): number {
  return readers * (pattern === "random" ? 1 : Math.max(1, Math.ceil(windowBytes / ioSizeBytes)));
}

/** The reason why a pass has no room for a slice; null where it has. @param most operations of one pass */
export function tooSmall(job: Sized, most: number): string | null {
  const needed = unitOf(job) + leadOf(job, unitOf(job));
  return most >= needed ? null : `the file is too small for slices: one takes ${needed} operations, a pass has ${most}`;
}

/**
 * The size of a slice that is near to a wanted one, that all readers share alike, and that a pass has room for. A sequential slice is
 * whole windows: its reader is then as far behind the readahead at the end as at the start.
 *
 * @param most operations of one pass; not {@link tooSmall}
 */
export function wholeSlice(job: Sized, operations: number, most: number): number {
  const unit = unitOf(job);
  const least = job.pattern === "random" ? Math.max(LEAST_OPERATIONS, job.readers * LEAST_OF_A_READER) : SLICE_WINDOWS * unit;
  // Two slices a pass, where there is room.
  const half = (most - leadOf(job, most / 2)) / 2;
  return Math.max(unit, Math.floor(Math.min(Math.max(least, operations), half) / unit) * unit);
}

/** Makes sizes that are nearly the same the same: the smallest of them. */
export function alike(sizes: readonly number[]): number[] {
  const ascending = sizes.toSorted((a, b) => a - b);
  const first = new Map<number, number>();
  let base = 0;
  for (const size of ascending) {
    if (size > base * ALIKE) base = size;
    first.set(size, base);
  }
  return sizes.map((size) => first.get(size)!);
}
