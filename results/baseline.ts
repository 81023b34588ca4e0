import { readFile } from "node:fs/promises";
import { z } from "zod";
import { FusemeterError, messageOf } from "../errors.js";
import { cacheState } from "./cells/index.js";
import { replaceFile } from "./replace-file.js";
import { host } from "./schema.js";
import { placement } from "./slices/index.js";

/** The `schema` of every baseline written by this version. */
const BASELINE_SCHEMA = "fusemeter.baseline/1";

const values = z.array(z.number().nonnegative());
const valuesByName = z.record(z.string(), values);

/** One cell as it was when the baseline was taken. */
const baselineCell = z.object({
  backend: z.string(),
  workload: z.string(),
  ioSizeBytes: z.int().positive(),
  cache: cacheState,
  /** Counts per operation, one value per counted run. */
  counts: valuesByName,
  /** Times of samples by native's in the same block, one value per block. Empty in baselines with slices. */
  timesToNative: valuesByName,
  /** Times of slices by native's in the same round, one value per round, by placement. Absent without slices. */
  slicesToNative: z.partialRecord(placement, valuesByName).optional(),
});

/** The measurements of one host. */
const baselineEntry = z.object({
  savedAt: z.iso.datetime(),
  runId: z.string(),
  host,
  fileSizeBytes: z.int().positive(),
  /** The commands of the backends: the same command is compared, then and now. */
  backends: z.array(z.object({ name: z.string(), command: z.string().nullable() })),
  cells: z.array(baselineCell),
  /** Descriptors that an open leaves behind in the daemon, by backend. */
  descriptorsPerOpen: valuesByName,
  /** The state of the host: without it times say nothing. */
  conditions: z.object({
    /** Median mean latency of a native operation, by workload, I/O size and cache state. */
    nativeLatencyNs: z.record(z.string(), z.number().positive()),
    /** CPU seconds that neither load nor daemon used during a sample, by cell. */
    otherCpuSeconds: z.record(z.string(), z.number().nonnegative()),
    /** Median time of a native operation in slices, by placement, workload, I/O size and cache state. Absent without slices. */
    nativeSliceNs: z.record(z.string(), z.number().positive()).optional(),
  }),
});

/** The file of a baseline: the measurements of one or more hosts, each once. */
const baseline = z.object({ schema: z.literal(BASELINE_SCHEMA), entries: z.array(baselineEntry) });

export type BaselineCell = z.infer<typeof baselineCell>;
export type BaselineEntry = z.infer<typeof baselineEntry>;
type Baseline = z.infer<typeof baseline>;

function unreadable(path: string, reason: string, remedy: string, cause?: unknown): FusemeterError {
  const problem = `${path} is not a baseline that can be read`;
  return new FusemeterError({ code: "UNREADABLE_BASELINE", fault: "use", problem, reason, remedy, cause });
}

function parseBaseline(path: string, text: string): Baseline {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw unreadable(path, "it is truncated or not JSON", "give a file that fusemeter gate --save wrote", cause);
  }
  const schema = z.object({ schema: z.string() }).safeParse(data).data?.schema;
  if (schema !== BASELINE_SCHEMA) {
    const what = schema === undefined ? "it is no baseline of fusemeter" : `it has the schema "${schema}"`;
    throw unreadable(path, what, `give one with the schema "${BASELINE_SCHEMA}"`);
  }
  const result = baseline.safeParse(data);
  if (result.success) return result.data;
  const { path: place, message } = result.error.issues[0]!;
  const where = `${place.join(".")}: ${message}`;
  throw unreadable(path, where, "give a file that fusemeter gate --save wrote", result.error);
}

/**
 * Reads a baseline and checks it.
 *
 * @throws {FusemeterError} `UNREADABLE_BASELINE` where it is missing, truncated, no baseline, or of another schema
 */
export async function readBaseline(path: string): Promise<readonly BaselineEntry[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw unreadable(path, messageOf(cause), `make one with: fusemeter gate --save ${path}`, cause);
  });
  return parseBaseline(path, text).entries;
}

/**
 * The entries of a file that is to take one more: none where there is no file yet. Read before anything is measured, so
 * that a foreign file is refused in time.
 *
 * @throws {FusemeterError} `UNREADABLE_BASELINE` for a file that is there and no baseline
 */
export async function entriesBefore(path: string): Promise<readonly BaselineEntry[]> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return null;
    throw unreadable(path, cause.message, "choose another file", cause);
  });
  return text === null ? [] : parseBaseline(path, text).entries;
}

/**
 * Puts an entry into a baseline's file, in the place of the one that the same host had. The others stay.
 *
 * @throws {FusemeterError} `UNREADABLE_BASELINE`, `BASELINE_NOT_WRITTEN`; the file is then as it was
 */
export async function saveEntry(path: string, entry: BaselineEntry): Promise<void> {
  const others = (await entriesBefore(path)).filter(({ host }) => host.fingerprint !== entry.host.fingerprint);
  const whole: Baseline = { schema: BASELINE_SCHEMA, entries: [...others, entry] };
  try {
    await replaceFile(path, `${JSON.stringify(whole, null, 1)}\n`);
  } catch (cause) {
    throw new FusemeterError({
      code: "BASELINE_NOT_WRITTEN",
      fault: "use",
      problem: `${path} can't be written`,
      reason: messageOf(cause),
      remedy: "choose another file with --save",
      cause,
    });
  }
}
