import { z } from "zod";
import { calibration } from "./calibration.js";

/** What stands in `schema` of every result file written by this version. */
export const SCHEMA = "fusemeter.run/1";

const count = z.number().nonnegative();
const countOrNull = count.nullable();
const countsByName = z.record(z.string(), count);

/** The place of the file's data before the application starts: docs/glossary.md, "cache state". */
export const cacheState = z.enum(["cold", "warm", "hot"]);

/** How readahead is set while a cell is measured. Null leaves a window as the host has it. */
const readaheadSetting = z.object({
  /** `read_ahead_kb` of the FUSE mount, set after the mount. */
  mountKiB: z.int().nonnegative().nullable(),
  /** `max_readahead`, which the daemon answers to INIT. */
  initKiB: z.int().nonnegative().nullable(),
  /** `read_ahead_kb` of the block device under the source tree. */
  deviceKiB: z.int().nonnegative().nullable(),
  /** How the load reads: pread(2), or through a mapping, where a page fault is the way into the kernel. */
  access: z.enum(["read", "mmap"]),
  /** What the load tells the kernel: nothing, or POSIX_FADV_RANDOM and, of a mapping, MADV_RANDOM. */
  advice: z.enum(["none", "random"]),
});

/** Nanoseconds of one I/O, from fio's histogram of total latency (submission to completion). */
const latencyNs = z.object({ mean: count, p50: count, p95: count, p99: count, p999: count, max: count });

/** Entries from user mode into the kernel. A counter that the host can't give is null. */
const transitions = z.object({ syscalls: countOrNull, userPageFaults: countOrNull });

const contextSwitches = z.object({ application: countOrNull, daemon: countOrNull, system: countOrNull });
const cpuSeconds = z.object({ application: countOrNull, daemon: countOrNull, system: countOrNull });

/** How each party gave its CPUs up, and what interrupted it. Null where it was not counted. */
const byParty = z.object({ application: countOrNull, daemon: countOrNull }).default({ application: null, daemon: null });
const scheduling = {
  /** Switches in which the task had to wait; in the others it was preempted, or yielded. */
  voluntarySwitches: byParty,
  /** Switches to the idle task: what the task waits for is on another CPU, or in a device. */
  switchesToIdle: byParty,
  migrations: byParty,
  /** Hardware interrupts while a task ran, in user mode or in the kernel. */
  interrupts: byParty,
};

/** What the kernel's own threads (workers, softirqs, writeback) did during a load, for whomever. Null where that is not known. */
const kernelThreads = z.object({ contextSwitches: count, cpuSeconds: count }).nullable().default(null);

const bySize = {
  /** FUSE's answers with data, and the device's reads, by class of size: by its upper bound in bytes; a class is an octave. */
  answersBySize: countsByName.nullable().default(null),
  deviceReadsBySize: countsByName.nullable().default(null),
};

/**
 * The time of each READ from fuse_request_send to fuse_request_end, the fixed part's included. Measured in a counted run,
 * whose counters slow it: its shape counts, and what it is made of, more than its length.
 */
const roundTrips = z
  .object({
    requests: count,
    meanNs: countOrNull,
    p50Ns: countOrNull,
    p99Ns: countOrNull,
    maxNs: countOrNull,
    /** By class, each a quarter of an octave: by its upper bound in ns. */
    histogram: countsByName,
  })
  .nullable()
  .default(null);

/** What every sample says of itself, whether it was timed or counted. */
const sampleFrame = z.object({
  /** Which block, from 0, and which place in that block's order, from 0. */
  block: z.int().nonnegative(),
  order: z.int().nonnegative(),
  startedAt: z.iso.datetime(),
  /** How the sample failed, in one line; null where it did not. A failed sample keeps its place and has no figures. */
  failure: z.string().nullable(),
  warnings: z.array(z.string()),
});

/** What one job (the load, for its whole life) cost before the fixed part is taken out, or the fixed part itself. */
const tally = z.object({
  ios: count,
  syscalls: z.object({ application: countOrNull, daemon: countOrNull }),
  userPageFaults: z.object({ application: countOrNull, daemon: countOrNull }),
  contextSwitches: z.object({ application: countOrNull, daemon: countOrNull }),
  cpuSeconds: z.object({ application: countOrNull, daemon: countOrNull }),
  ...scheduling,
  ...bySize,
  applicationSyscallsByName: countsByName.nullable(),
  daemonSyscallsByName: countsByName.nullable(),
  /** FUSE requests by opcode, as the kernel's tracepoint saw them. Null where no FUSE mount or no tracepoint. */
  requests: countsByName.nullable(),
  /** How often a CPU of this machine went idle meanwhile, whoever caused it. */
  idleEntries: countOrNull.default(null),
});

/**
 * One timed run of a cell. Only counters that cost nothing on the path of a read are attached: the tracepoint of system
 * calls slows every system call of the machine, so it is kept for the counted runs.
 */
const timedSample = sampleFrame.extend({
  figures: z
    .object({
      /** Of one reader: ios x mean latency, finer than fio's runtime, which is in whole milliseconds. Of several: that runtime. */
      seconds: count,
      ios: count,
      bytes: count,
      latencyNs,
      /** The I/Os behind the counts below, from which the fixed part is already taken out: `ios` less those of the fixed part. */
      countedIos: count,
      contextSwitches,
      requests: countsByName.nullable(),
      /** How often a CPU of this machine went idle, from the load's start to its end: a waiter that is woken then wakes a CPU as well. */
      idleEntries: countOrNull.default(null),
      cpuSeconds,
      /** Of all processor packages, whoever used it, by their own counters. Null where the host has none. */
      energyJoules: countOrNull.default(null),
      kernelThreads,
      deviceReadBytes: countOrNull,
      /**
       * Of the file, in the page cache after the load: of the mount (what the daemon was asked for and what it pushed) and,
       * of a cold sample, of the source (what was read from the medium). Null where there is none, or it can't be told.
       */
      cachedBytes: z.object({ mount: countOrNull, source: countOrNull }).optional(),
      /** Requests of the device under the source tree, and how long they took, one beside the other (/proc/diskstats). */
      deviceReads: z.object({ requests: count, seconds: count }).nullable().default(null),
    })
    .nullable(),
});

/** One counted run of the same cell: the same job with every counter attached; its times are not used. */
const countedSample = sampleFrame.extend({
  figures: z
    .object({
      /** The I/Os between the whole job and the job of one I/O: the divisor of every count here. */
      ios: count,
      transitions: z.object({ application: transitions, daemon: transitions.nullable() }),
      contextSwitches,
      ...scheduling,
      ...bySize,
      roundTrips,
      kernelThreads,
      applicationSyscallsByName: countsByName.nullable(),
      daemonSyscallsByName: countsByName.nullable(),
      requests: countsByName.nullable(),
      /** The fixed part, already taken out of the figures above: what the identical job of one I/O cost. */
      subtracted: tally,
    })
    .nullable(),
});

/** backend x workload x I/O size x cache state x readahead. */
const cell = z.object({
  backend: z.string(),
  workload: z.string(),
  ioSizeBytes: z.int().positive(),
  cache: cacheState,
  /** How readahead was set; absent where nothing was. */
  readahead: readaheadSetting.optional(),
  /** The window of the filesystem that the load reads through: the block device's, or the FUSE mount's. Null: unknown. */
  readaheadKiB: z.int().nonnegative().nullable(),
  /** The window of the block device under the source tree. */
  deviceReadaheadKiB: z.int().nonnegative().nullable(),
  medium: z.string(),
  /** The timed samples, one a block. */
  samples: z.array(timedSample),
  /** The counted samples; counts repeat, so one or a few are enough. */
  counts: z.array(countedSample),
});

/** How one backend was made, so that a reader can repeat it. */
const backendRecord = z.object({
  name: z.string(),
  kind: z.enum(["native", "fuse", "passthrough", "command"]),
  /** The command that mounted it; null for native. */
  command: z.string().nullable(),
  /** Why it was left out on this host, in one line; null where it ran. */
  unavailable: z.string().nullable(),
  /** Descriptors that opening and closing a file so often left open in the daemon, a try each; absent where nobody tried. */
  descriptorsLeft: z.array(z.object({ opens: z.int().positive(), left: z.int() })).optional(),
});

export const host = z.object({
  kernel: z.string(),
  cpu: z.string(),
  cores: z.int().positive(),
  memoryBytes: count,
  virtualization: z.string().nullable(),
  filesystem: z.string(),
  device: z.string(),
  fioVersion: z.string(),
  nodeVersion: z.string(),
  /** abi: what our own daemon and the kernel agreed on; null where none was mounted. */
  fuse: z.object({ abi: z.string().nullable(), passthrough: z.boolean(), ioUring: z.boolean() }),
  fingerprint: z.string(),
});

/** What was asked for: enough to go on with a run that was stopped (`--resume`). */
const request = z.object({
  backends: z.array(z.object({ name: z.string(), command: z.string().nullable() })),
  workloads: z.array(z.string()),
  ioSizesBytes: z.array(z.int().positive()),
  caches: z.array(cacheState),
  /** Ways to set readahead, each a cell of its own where a backend's reads can see it; absent: nothing is set. */
  readahead: z.array(readaheadSetting).optional(),
  blocks: z.int().positive(),
  /** In how many of the first blocks every cell is also counted. */
  countedBlocks: z.int().positive(),
  fileSizeBytes: z.int().positive(),
  /** Where the source tree and the mountpoint are made. */
  directory: z.string(),
});

/** `run.json`. */
export const run = z.object({
  schema: z.literal(SCHEMA),
  id: z.string(),
  startedAt: z.iso.datetime(),
  profile: z.string(),
  seed: z.int().nonnegative(),
  complete: z.boolean(),
  request,
  /** The blocks that a procedure has planned so far, where it decides how many there are; absent: those of the request. */
  plannedBlocks: request.pick({ blocks: true, countedBlocks: true }).optional(),
  host,
  backends: z.array(backendRecord),
  cells: z.array(cell),
  /** What this host's unit costs were, taken between the blocks of this run or after it; null where they were not. */
  calibration: calibration.nullable().default(null),
});

export type ReadaheadSetting = z.infer<typeof readaheadSetting>;
export type CacheState = z.infer<typeof cacheState>;
export type Tally = z.infer<typeof tally>;
export type TimedSample = z.infer<typeof timedSample>;
export type CountedSample = z.infer<typeof countedSample>;
export type Cell = z.infer<typeof cell>;
export type BackendRecord = z.infer<typeof backendRecord>;
export type Host = z.infer<typeof host>;
export type RunRequest = z.infer<typeof request>;
export type Run = z.infer<typeof run>;
