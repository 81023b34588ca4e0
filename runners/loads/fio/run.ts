import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FusemeterError } from "../../../errors.js";
import { makeFolder } from "../../leftovers/folder.js";
import { type ProcessEnd, startStopped } from "../../processes/stopped-process.js";
import { type FioJob, renderJob } from "./job.js";
import { type FioResult, parseOutput } from "./output.js";
import { fioVersion } from "./version.js";

export interface RunOptions {
  /** Ends fio when aborted; the run then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called about twice a second with the part that is done, 0 to 1, as fio estimates it. */
  readonly onProgress?: (fraction: number) => void;
  /** Called when the process exists but has not yet become fio: the moment to attach counters to its pid. */
  readonly beforeExec?: (pid: number) => void;
}

/**
 * Runs one job and waits for its end. It leaves no process and no file behind.
 *
 * @throws {FusemeterError} NO_FIO, OLD_FIO, FIO_FAILED (with fio's own words) or FIO_OUTPUT
 */
export async function runFio(job: FioJob, options: RunOptions = {}): Promise<FioResult> {
  const { signal, onProgress } = options;
  await using folder = await makeFolder(tmpdir(), "fusemeter-fio-");
  const jobFile = join(folder.path, "job.fio");
  const outputFile = join(folder.path, "output.json");
  await writeFile(jobFile, renderJob(job));
  const readOnly = job.rw === "read" || job.rw === "randread";
  const words = [
    ...(readOnly ? ["--readonly"] : []),
    "--output-format=json",
    `--output=${outputFile}`,
    `--eta=${onProgress ? "always" : "never"}`,
    jobFile,
  ];
  await using fio = await startStopped(["fio", ...words], {
    cwd: folder.path,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onOutput: (text) => reportProgress(text, onProgress) } : {}),
  });
  options.beforeExec?.(fio.pid);
  fio.resume();
  const end = await fio.ended;
  signal?.throwIfAborted();
  if (end.exitCode !== 0) throw await failure(end);
  return parseOutput(await readFile(outputFile, "utf8"), job.rw);
}

/** The estimate that fio prints between carriage returns: `Jobs: 1 (f=1): [r(1)][37.5%][r=2614MiB/s]…`. */
function reportProgress(text: string, onProgress: (fraction: number) => void): void {
  const percent = [...text.matchAll(/\]\[(\d+(?:\.\d+)?)%\]/g)].at(-1)?.[1];
  if (percent !== undefined) onProgress(Math.min(1, Number(percent) / 100));
}

async function failure(end: ProcessEnd): Promise<FusemeterError> {
  // sh ends with 127 when the command is missing: the error then names the package that has it.
  if (end.exitCode === 127) await fioVersion();
  const how = end.exitCode === null ? `was ended by ${end.signal}` : `ended with ${end.exitCode}`;
  return new FusemeterError({
    code: "FIO_FAILED",
    fault: "host",
    problem: `fio ${how}`,
    reason: ownWords(end.stderr) ?? null,
    cause: end.stderr,
  });
}

/** The line of fio's output that tells the cause: the failed call if there was one, else the first line. */
function ownWords(stderr: string): string | undefined {
  const lines = stderr.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  return lines.find((line) => /\berror=/.test(line)) ?? lines[0];
}
