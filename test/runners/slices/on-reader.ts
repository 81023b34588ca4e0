import type { JobContender, SliceJob } from "../../../runners/slices/reader/protocol.js";
import { type SliceReader, startSliceReader } from "../../../runners/slices/slice-reader.js";

/** A contender that reads a source file itself. */
export function nativeOn(path: string, rest: Partial<JobContender> = {}): JobContender {
  const usual = { hasPages: false, access: "read", advice: "none", pids: [], inFlight: [], idlesByCpu: false } as const;
  return { path, source: path, ...usual, ...rest };
}

export const BLOCK = 4096;

/** Random reads of 4 KiB by one reader, of a file that is in the page cache. */
export function jobOn(fileSizeBytes: number, contenders: readonly JobContender[], rest: Partial<SliceJob> = {}): SliceJob {
  const usual = { operation: "read", pattern: "random", readers: 1, ioSizeBytes: BLOCK, cache: "warm", windowBytes: 0 } as const;
  return { ...usual, fileSizeBytes, seed: 1, contenders, ...rest };
}

/** Opens a job in a reader of its own. */
export async function readerWith(job: SliceJob): Promise<SliceReader> {
  const reader = await startSliceReader(new AbortController().signal);
  await reader.open(job);
  return reader;
}
