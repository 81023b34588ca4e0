import { join } from "node:path";
import type { CacheState, ReadaheadSetting } from "../../results/index.js";
import { type Load, startupLoadOf } from "../../workloads/index.js";

import { makeTestFile } from "../files/test-data.js";
import { testFileName } from "../files/test-file.js";
import { type FioJob, type FioResult, runFio } from "./fio/index.js";
import { readaheadOptions } from "./fio-readahead.js";
import type { LoadOutcome, RunnableLoad } from "./runnable-load.js";

/** After this long fio is given up. */
const limitMs = 10 * 60_000;

/** The way in which fio reads in one cell. */
export interface FioSetting {
  readonly cache: CacheState;
  readonly readahead: ReadaheadSetting;
  /** The seed of fio's random map: the same for all samples of a run, so that all read the same blocks in the same order. */
  readonly randomSeed: number;
  /** Passes over the work of the load. Default: 1. */
  readonly passes?: number;
  /** Keeps fio on this CPU. Default: where the scheduler puts it. */
  readonly cpu?: number;
}

/**
 * Several passes over the same work. fio opens the files anew for each and draws the same offsets. A warm pass must not find in the
 * mount's pages what the pass before has read: `invalidate` drops them by POSIX_FADV_DONTNEED, which leaves the source's alone on a
 * FUSE mount, and nowhere else.
 */
function passOptions(passes: number, cache: CacheState, hasPages: boolean): Readonly<Record<string, number>> {
  if (passes === 1) return {};
  return { loops: passes, ...(hasPages && cache === "warm" && { invalidate: 1 }) };
}

/**
 * True where a later pass finds the caches as the first one does. It would find a cold file warm; and of several random readers each
 * would drop the pages that the others have just read.
 */
function canRepeat({ workload: { pattern, threads } }: Load, { cache }: FioSetting): boolean {
  return cache !== "cold" && (pattern === "sequential" || threads === 1);
}

function jobOf(
  load: Load,
  { cache, readahead, randomSeed, passes = 1, cpu }: FioSetting,
  path: string,
  hasPages: boolean,
): FioJob {
  const { workload, ioSizeBytes, fileSizeBytes, operations } = load;
  const ioBytes = (operations / workload.threads) * ioSizeBytes;
  const { options, ...reading } = readaheadOptions(readahead, workload);
  // Sequential readers of one file share it out: one that followed another would only read its pages from the cache.
  const isShared = workload.pattern === "sequential" && workload.threads > 1;
  return {
    name: workload.name,
    filenames: [path],
    ...reading,
    options: {
      ...options,
      ...(isShared && { offset_increment: ioBytes }),
      ...passOptions(passes, cache, hasPages),
      ...(cpu !== undefined && { cpus_allowed: cpu }),
    },
    blockSizeBytes: ioSizeBytes,
    sizeBytes: isShared ? ioBytes : fileSizeBytes,
    ioBytes,
    numjobs: workload.threads,
    randomSeed,
  };
}

/**
 * The time of all operations. Of one reader by its latencies, finer than fio's whole milliseconds; of several by the clock, since
 * a reader that waits for a core is inside no operation.
 */
function secondsOf({ workload }: Load, { ios, latencyNs, runtimeMs }: FioResult): number {
  return workload.threads === 1 ? (ios * latencyNs.mean) / 1e9 : runtimeMs / 1e3;
}

function outcomeOf(load: Load, result: FioResult): LoadOutcome {
  const { ios, bytes, latencyNs, contextSwitches, cpuSeconds } = result;
  return {
    operations: ios,
    bytes,
    seconds: secondsOf(load, result),
    latencyNs,
    // From getrusage(2) at the start and the end of each process. Switches are exact; CPU time comes in whole ms, user and system each rounded down.
    ownFigures: { contextSwitches, cpuSeconds: cpuSeconds.user + cpuSeconds.system },
  };
}

/** The reads of a workload, by fio(1): one pread(2), or one access to a mapping, an operation. */
export function fioLoad(load: Load, setting: FioSetting): RunnableLoad {
  const name = testFileName(setting.cache);
  const startup = startupLoadOf(load);
  const { passes = 1 } = setting;
  return {
    operations: load.operations * passes,
    startup: startup.operations === load.operations ? null : fioLoad(startup, { ...setting, passes: 1 }),
    inPasses: canRepeat(load, setting) ? (more) => fioLoad(load, { ...setting, passes: more }) : null,
    files: [{ name, bytes: load.fileSizeBytes }],
    readsData: true,
    // fio's main process polls for as long as its jobs run.
    counted: "children",
    limitMs,
    prepare: (tree, signal, onFraction) => makeTestFile(join(tree, name), load.fileSizeBytes, { signal, onFraction }),
    async run(tree, { signal, onFraction, beforeExec, hasPages = false }) {
      const job = jobOf(load, setting, join(tree, name), hasPages);
      return outcomeOf(load, await runFio(job, { signal, onProgress: onFraction, beforeExec }));
    },
  };
}
