import { Errno } from "../../../linux/libc/errno.js";
import type { Memory } from "../../../linux/libc/memory.js";
import type { Latencies } from "./latencies.js";
import type { Offsets } from "./offsets.js";
import type { Operation } from "./operation.js";

/** An operation with all its arguments but the offset. */
export interface BurstTarget {
  readonly run: Operation;
  readonly fd: number;
  readonly memory: Memory;
  readonly bytes: number;
}

/** The figures that bursts add to. */
export interface BurstFigures {
  readonly latencies: Latencies;
  /** Time in the first and in the last quarters of bursts, in ns. */
  readonly quartersNs: Float64Array;
}

/** The error of an operation that did not move all bytes. A file that is shorter than it was has none of its own. */
export function errorOf(moved: number): number {
  return moved < 0 ? moved : -Errno.EIO;
}

/**
 * Does some operations and takes the time of each.
 *
 * @returns the ns of all together, or `-errno`
 */
export function burst(
  target: BurstTarget,
  offsets: Offsets,
  operations: number,
  { latencies, quartersNs }: BurstFigures,
): number {
  const { run, fd, memory, bytes } = target;
  const { address } = memory;
  const quarter = operations >> 2;
  let ended = performance.now();
  const started = ended;
  for (let done = 1; done <= operations; done++) {
    const moved = run(fd, address, bytes, offsets.next());
    if (moved !== bytes) return errorOf(moved);
    const now = performance.now();
    latencies.add((now - ended) * 1e6);
    ended = now;
    if (done === quarter) quartersNs[0]! += (now - started) * 1e6;
    if (done === operations - quarter) quartersNs[1]! -= (now - started) * 1e6;
  }
  const ns = (ended - started) * 1e6;
  quartersNs[1]! += ns;
  return ns;
}
