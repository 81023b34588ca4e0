import { mkdir } from "node:fs/promises";
import type { Command } from "commander";
import { FusemeterError } from "../errors.js";
import { terminalSummary, writeReports } from "../reports/pages/index.js";
import { type Run, readRun, writeRun } from "../results/index.js";
import { Calibrator } from "../runners/calibrate/index.js";
import { continueRun, type PreparedRun, prepareRun, profiles } from "../runners/run/index.js";
import { formatSize } from "../workloads/index.js";
import { exitCodeOf, type Outcome } from "./exit-codes.js";
import { reportReleaseFailures } from "./failures.js";
import { abortOnSignals, endingSignal } from "./interruption.js";
import { sayLeftOut } from "./left-out.js";
import { newRun } from "./new-run.js";
import { ProgressLine } from "./progress-line.js";
import { type Asked, addGridOptions, askedAgain, parseRunWords, type RunWords } from "./run-options.js";

/** Samples of two hosts in one result would compare what can't be compared. */
function resumed(run: Run, directory: string, { host }: PreparedRun): Run {
  if (run.host.fingerprint === host.fingerprint) return run;
  throw new FusemeterError({
    code: "OTHER_HOST",
    fault: "use",
    problem: `${directory} can't be resumed here`,
    reason: `it was measured on another host (${run.host.kernel}, ${run.host.cpu})`,
    remedy: "resume it there, or start a new run here",
  });
}

/** A cell without a single good sample: what it was to tell stays unknown. */
function hasEmptyCell(run: Run): boolean {
  return run.cells.some(({ samples }) => samples.every(({ ok }) => !ok));
}

/** Takes every sample that is asked for; where `signal` ends it, what it has by then. */
export async function measureAll(asked: Asked, earlier: Run | null, signal: AbortSignal, line: ProgressLine): Promise<Run> {
  await using prepared = await prepareRun(asked.request, asked.backends, {
    backendsAreNamed: asked.backendsAreNamed,
    signal,
    onPhase: (phase) => line.note(phase),
  });
  const result = earlier === null ? newRun(asked, prepared) : resumed(earlier, asked.directory, prepared);
  for (const { name, unavailable } of prepared.records) {
    if (unavailable !== null) line.say(`${name} is left out: ${unavailable}`);
  }
  await mkdir(asked.directory, { recursive: true });
  await writeRun(asked.directory, result);
  const calibrator = calibratorOf(asked, prepared, result, signal, line);
  if (calibrator !== null) result.calibration = calibrator.calibration;
  try {
    await continueRun(result, {
      backends: prepared.usable,
      workspace: prepared.workspace,
      directory: asked.directory,
      signal,
      beforeBlock: async () => calibrator?.round(),
      onProgress: (progress) => line.show(progress),
      onFailure: ({ key, block }, failure) =>
        line.say(
          `failed: ${key.workload} ${formatSize(key.ioSizeBytes)} ${key.cache} on ${key.backend}, block ${block + 1}: ${failure}`,
        ),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return result;
}

/** A run that has calibrated before it was stopped goes on doing so. */
function calibratorOf(
  { calibrate, seed, request: { fileSizeBytes } }: Asked,
  { workspace }: PreparedRun,
  { calibration }: Run,
  signal: AbortSignal,
  line: ProgressLine,
): Calibrator | null {
  if (!calibrate && calibration === null) return null;
  const onPhase = (phase: string) => line.note(`calibrating: ${phase}`);
  return new Calibrator({ workspace, fileSizeBytes, seed, signal, onPhase }, calibration);
}

export function describe(command: Command): void {
  addGridOptions(
    command
      .summary("the comparison: native, FUSE, FUSE passthrough")
      .description(
        "Reads the same files natively, through our FUSE daemon and in FUSE passthrough, and tells what a trip through user space costs: " +
          "time as a ratio to native, system calls, context switches and requests for each I/O.",
      )
      .option("--profile <name>", `how much is measured: ${Object.keys(profiles).join(", ")}`, "quick"),
  )
    .option("--blocks <n>", "how often each cell is timed")
    .option("--counted-blocks <n>", "in how many of them it is counted as well")
    .option("--out <dir>", "where the result goes (default: results/runs/<id>)")
    .option("--resume <dir>", "go on with a run that was stopped; the other options are those of that run")
    .option(
      "--calibrate",
      "before each block, measure what one call, switch, copied byte and round trip costs: the model needs it",
    )
    .option("--json", "print the result as JSON instead of the tables")
    .addHelpText(
      "after",
      `
Examples:
  fusemeter run --profile quick
  fusemeter run --backends native,fuse --workloads rnd-rd-1th-1f --sizes 4KB --caches warm --blocks 10
  fusemeter run --backend 'hp=/usr/local/bin/passthrough_hp --foreground {source} {mountpoint}'`,
    )
    .action(async (words: Words) => {
      process.exitCode = exitCodeOf(await run(words));
    });
}

interface Words extends RunWords {
  readonly resume?: string;
  readonly json?: boolean;
}

/** Takes the samples, writes the result as they come, prints the comparison.  */
async function run(words: Words): Promise<Outcome> {
  const earlier = words.resume === undefined ? null : await readRun(words.resume);
  const asked = earlier === null ? parseRunWords(words, new Date()) : askedAgain(earlier, words.resume!);
  const signal = abortOnSignals();
  let result: Run;
  {
    using line = new ProgressLine();
    try {
      result = await measureAll(asked, earlier, signal, line);
    } catch (error) {
      const ending = endingSignal(signal);
      if (ending === null) throw error;
      reportReleaseFailures(error);
      console.error(`fusemeter: ended by ${ending} before the first sample; nothing was written`);
      return ending;
    }
  }
  const ending = endingSignal(signal);
  if (result.cells.length > 0) {
    sayLeftOut(await writeReports(result, asked.directory));
    console.log(words.json === true ? JSON.stringify(result) : terminalSummary(result, asked.directory));
  }
  if (ending !== null) {
    console.error(`fusemeter: ended by ${ending}; go on with: fusemeter run --resume ${asked.directory}`);
    return ending;
  }
  return hasEmptyCell(result) ? "host" : "done";
}
