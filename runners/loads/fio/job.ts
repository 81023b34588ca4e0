import { resolve } from "node:path";
import { FusemeterError } from "../../../errors.js";

/** One fio job: a section of a job file of fio(1). The names of its fields tell their units. */
export interface FioJob {
  readonly name: string;
  /** The files of the job. fio takes several in turn: see its `file_service_type`. */
  readonly filenames: readonly [string, ...string[]];
  readonly rw: "read" | "randread" | "write" | "randwrite";
  readonly blockSizeBytes: number;
  /** The part of the file that is used, from its start. */
  readonly sizeBytes: number;
  /** The bytes that each process (or thread) transfers: fixed work, whatever time it takes. More than `sizeBytes` goes round again. */
  readonly ioBytes: number;
  /** Processes (or threads) that run the job at once. Default 1. */
  readonly numjobs?: number;
  /**
   * Threads of one process instead of processes. Default false: in a process of its own the job is counted apart from fio's
   * own polling, and the only system calls are its I/Os.
   */
  readonly thread?: boolean;
  /** Default psync: one pread(2) or pwrite(2) per I/O. */
  readonly ioengine?: string;
  readonly randomSeed: number;
  /** Any other option of fio's, by its own name. */
  readonly options?: Readonly<Record<string, string | number>>;
}

/** Percentiles asked of fio, as it prints their names. */
export const PERCENTILES = { p50: "50.000000", p95: "95.000000", p99: "99.000000", p999: "99.900000" } as const;

/**
 * The job file. Options that would disturb a measurement are off:
 * fadvise_hint, because fio would mark the file sequential or random and so change the kernel's readahead window;
 * invalidate, because the caches are the caller's; norandommap, because each block is read once a pass; disk_util, because
 * it wakes fio four times a second to read /proc/diskstats.
 *
 * @throws {FusemeterError} FIO_FILENAME when fio's syntax can't hold a file's name
 */
export function renderJob(job: FioJob): string {
  const reads = job.rw === "read" || job.rw === "randread";
  const options: Record<string, string | number> = {
    filename: job.filenames.map((filename) => escapeFilename(resolve(filename))).join(":"),
    rw: job.rw,
    bs: job.blockSizeBytes,
    size: job.sizeBytes,
    io_size: job.ioBytes,
    numjobs: job.numjobs ?? 1,
    thread: job.thread ? 1 : 0,
    ioengine: job.ioengine ?? "psync",
    randseed: job.randomSeed,
    norandommap: 0,
    fadvise_hint: 0,
    invalidate: 0,
    disk_util: 0,
    group_reporting: 1,
    clat_percentiles: 0,
    lat_percentiles: 1,
    percentile_list: Object.values(PERCENTILES).map(Number).join(":"),
    // A job that reads must fail where the file is missing, not create it.
    ...(reads ? { allow_file_create: 0 } : {}),
    ...job.options,
  };
  const lines = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  return `[${job.name}]\n${lines.join("\n")}\n`;
}

/** fio separates file names by colons, and a backslash takes a colon's meaning away. It has no escape for the rest. */
function escapeFilename(filename: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are refused
  if (/[\u0000-\u001f\\$]|\s$/.test(filename)) {
    throw new FusemeterError({
      code: "FIO_FILENAME",
      fault: "use",
      problem: `${JSON.stringify(filename)} can't be written in a fio job file`,
      remedy: "use a path without control characters, backslashes, dollar signs and a space at its end",
    });
  }
  return filename.replaceAll(":", "\\:");
}
