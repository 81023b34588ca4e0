import { z } from "zod";
import { calibration } from "./calibration.js";
import { backendRecord, cacheState, readaheadSetting } from "./cells/index.js";
import { countedSampleInFile, timedSampleInFile } from "./figures/samples.js";
import { placedSlices, placement } from "./slices/index.js";

/** The `schema` of every result file written by this version. */
export const SCHEMA = "fusemeter.run/1";

/** backend x workload x I/O size x cache state x readahead, as `run.json` has it. */
const cellInFile = z.object({
  backend: z.string(),
  workload: z.string(),
  ioSizeBytes: z.int().positive(),
  cache: cacheState,
  /** Absent where no readahead was set. */
  readahead: readaheadSetting.optional(),
  /** The window of the filesystem that the load reads through: the block device's, or the FUSE mount's. Null: unknown. */
  readaheadKiB: z.int().nonnegative().nullable(),
  /** The window of the block device under the source tree. */
  deviceReadaheadKiB: z.int().nonnegative().nullable(),
  medium: z.string(),
  /** The timed samples, one per block. */
  samples: z.array(timedSampleInFile),
  /** The counted samples; counts repeat, so one or a few are enough. */
  counts: z.array(countedSampleInFile),
  /** The slices by placement; absent in results from before slices, and where none were asked for. */
  slices: z.array(placedSlices).optional(),
});

export const host = z.object({
  kernel: z.string(),
  cpu: z.string(),
  cores: z.int().positive(),
  memoryBytes: z.number().nonnegative(),
  virtualization: z.string().nullable(),
  filesystem: z.string(),
  device: z.string(),
  fioVersion: z.string(),
  nodeVersion: z.string(),
  /** abi: the version that our own daemon and the kernel agreed on; null where none was mounted. */
  fuse: z.object({ abi: z.string().nullable(), passthrough: z.boolean(), ioUring: z.boolean() }),
  fingerprint: z.string(),
});

/** The request for slices. Their rounds end where each ratio is precise enough, or at the end of the budget. */
const sliceRequest = z.object({
  placements: z.array(placement),
  /** The rounds, where they are fixed; null where the precision decides. */
  rounds: z.int().positive().nullable(),
  /** The half-width of a ratio's 95 percent interval that is enough: 0.02 is 2 percent. */
  precision: z.number().positive(),
  /** The longest time of all rounds; null: no limit. */
  budgetSeconds: z.number().positive().nullable(),
});

/** The request for a run. It holds enough to continue a run that was stopped (`--resume`). */
const request = z.object({
  backends: z.array(z.object({ name: z.string(), command: z.string().nullable() })),
  workloads: z.array(z.string()),
  ioSizesBytes: z.array(z.int().positive()),
  caches: z.array(cacheState),
  /** Settings of readahead; each makes a cell of its own where a backend's reads depend on it. Absent: nothing is set. */
  readahead: z.array(readaheadSetting).optional(),
  blocks: z.int().positive(),
  /** Every cell is also counted in this many of the first blocks. */
  countedBlocks: z.int().positive(),
  /** The slices that are taken; absent: none. */
  slices: sliceRequest.optional(),
  fileSizeBytes: z.int().positive(),
  /** The directory in which the source tree and the mountpoint are made. */
  directory: z.string(),
});

/** `run.json`. In memory samples have another form: see run.ts. */
export const runInFile = z.object({
  schema: z.literal(SCHEMA),
  id: z.string(),
  startedAt: z.iso.datetime(),
  profile: z.string(),
  seed: z.int().nonnegative(),
  complete: z.boolean(),
  request,
  /** The blocks that a procedure has planned so far, where it decides how many there are; absent: those of the request. */
  plannedBlocks: z.object({ blocks: z.int().nonnegative(), countedBlocks: z.int().nonnegative() }).optional(),
  host,
  backends: z.array(backendRecord),
  cells: z.array(cellInFile),
  /** Unit costs of this host, taken between the blocks of this run or after it; null where they were not. */
  calibration: calibration.nullable().default(null),
});

export type Host = z.infer<typeof host>;
export type RunRequest = z.infer<typeof request>;
export type SliceRequest = z.infer<typeof sliceRequest>;
export type RunInFile = z.infer<typeof runInFile>;
