import { FusemeterError } from "../errors.js";
import { formatSize } from "./io-size.js";
import type { Workload } from "./workload.js";

/** The work of one sample. It is fixed, so that counts compare exactly from run to run. */
export interface Load {
  readonly workload: Workload;
  readonly ioSizeBytes: number;
  readonly fileSizeBytes: number;
  /** Operations of all threads together. */
  readonly operations: number;
}

/**
 * A random workload reads one block in this many. The kernel takes a random read that finds the two pages before its own in the
 * cache for the start of a stream, and reads ahead (context readahead, `page_cache_sync_ra` in mm/readahead.c): requests per read
 * would fall below 1.
 */
const sparseness = 16;

/**
 * The work of one sample: a sequential workload reads the whole file once, a random one every sixteenth of its blocks.
 *
 * @throws {FusemeterError} `FILE_TOO_SMALL` where that leaves fewer than two operations per thread
 */
export function loadOf(workload: Workload, ioSizeBytes: number, fileSizeBytes: number): Load {
  const blocks = Math.floor(fileSizeBytes / ioSizeBytes);
  const perThread = Math.floor((workload.pattern === "sequential" ? blocks : blocks / sparseness) / workload.threads);
  if (perThread < 2) {
    throw new FusemeterError({
      code: "FILE_TOO_SMALL",
      fault: "use",
      problem: `a file of ${formatSize(fileSizeBytes)} is too small for ${workload.name} at ${formatSize(ioSizeBytes)}`,
      remedy: `give --file-size ${formatSize(2 * sparseness * workload.threads * ioSizeBytes)} or more`,
    });
  }
  return { workload, ioSizeBytes, fileSizeBytes, operations: perThread * workload.threads };
}

/** The same load with one operation per thread. Its cost is the startup overhead, which is subtracted from every count. */
export function startupLoadOf(load: Load): Load {
  return { ...load, operations: load.workload.threads };
}
