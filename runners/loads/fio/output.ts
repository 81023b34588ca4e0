import { z } from "zod";
import { FusemeterError } from "../../../errors.js";
import { type FioJob, PERCENTILES } from "./job.js";

/** The figures that fio gives of a finished job: sums over all its processes. */
export interface FioResult {
  readonly ios: number;
  readonly bytes: number;
  /** The run time of the longest-running process, in whole milliseconds: fio has nothing finer. */
  readonly runtimeMs: number;
  /** Submission to completion of each I/O. Percentiles come from fio's histogram, whose bins are up to 1/64 wide. */
  readonly latencyNs: { mean: number; p50: number; p95: number; p99: number; p999: number; max: number };
  /** By getrusage(2) of the job's processes or threads, fio's main process not included. */
  readonly contextSwitches: number;
  readonly cpuSeconds: { user: number; system: number };
  readonly pageFaults: { major: number; minor: number };
  /** As fio prints it, for instance `fio-3.33`. */
  readonly version: string;
}

const number = z.number().nonnegative();

const direction = z.object({
  total_ios: number,
  io_bytes: number,
  runtime: number,
  lat_ns: z.object({ mean: number, max: number, percentile: z.record(z.string(), number).optional() }),
});

const output = z.object({
  "fio version": z.string(),
  jobs: z
    .array(
      z.object({
        error: z.number(),
        job_runtime: number,
        usr_cpu: number,
        sys_cpu: number,
        ctx: number,
        majf: number,
        minf: number,
        read: direction,
        write: direction,
      }),
    )
    .length(1),
});

/**
 * Reads what `fio --output-format=json` wrote. Notes and warnings may stand before the object.
 *
 * @throws {FusemeterError} FIO_OUTPUT with the raw text as its cause when there is no such object, FIO_FAILED when fio
 *   counted an error
 */
export function parseOutput(text: string, rw: FioJob["rw"]): FioResult {
  const parsed = output.safeParse(firstObject(text));
  if (!parsed.success) throw unreadable(text, z.prettifyError(parsed.error).split("\n")[0]!);
  const job = parsed.data.jobs[0]!;
  if (job.error !== 0) {
    throw new FusemeterError({
      code: "FIO_FAILED",
      fault: "host",
      problem: `fio ended with error ${job.error}`,
      remedy: "check that the file can be read and has its full size",
      cause: text,
    });
  }
  const { lat_ns: latency, ...sums } = rw === "read" || rw === "randread" ? job.read : job.write;
  const percentile = (name: string) => latency.percentile?.[name] ?? 0;
  return {
    ios: sums.total_ios,
    bytes: sums.io_bytes,
    runtimeMs: sums.runtime,
    latencyNs: {
      mean: latency.mean,
      p50: percentile(PERCENTILES.p50),
      p95: percentile(PERCENTILES.p95),
      p99: percentile(PERCENTILES.p99),
      p999: percentile(PERCENTILES.p999),
      max: latency.max,
    },
    contextSwitches: job.ctx,
    // fio gives them in percent of job_runtime, which is the sum over its processes.
    cpuSeconds: { user: (job.usr_cpu * job.job_runtime) / 1e5, system: (job.sys_cpu * job.job_runtime) / 1e5 },
    pageFaults: { major: job.majf, minor: job.minf },
    version: parsed.data["fio version"],
  };
}

/** The JSON object that starts at the first line holding a brace alone, where fio starts its object. */
function firstObject(text: string): unknown {
  const start = /^\{\s*$/m.exec(text);
  if (start === null) return undefined;
  try {
    return JSON.parse(text.slice(start.index));
  } catch {
    return undefined;
  }
}

function unreadable(text: string, reason: string): FusemeterError {
  return new FusemeterError({
    code: "FIO_OUTPUT",
    fault: "host",
    problem: "fio's output can't be read",
    reason,
    remedy: "use fio 3.1 or later",
    cause: text,
  });
}
