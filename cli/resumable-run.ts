import { mkdir } from "node:fs/promises";
import { FusemeterError } from "../errors.js";
import { type Host, type Run, readRun, writeRun } from "../results/index.js";
import { Calibrator } from "../runners/calibrate/index.js";
import { shellQuoted } from "../runners/processes/index.js";
import { continueRun, newRun, type PreparedRun } from "../runners/run/index.js";
import type { Outcome } from "./exit-codes.js";
import { prepare, runSetting, type Session, sliceSetting, withRun } from "./measuring.js";
import type { RequestedRun } from "./requested-run.js";

/** A command whose run can be stopped, and resumed from its result. */
interface ResumableRun {
  readonly command: "run" | "readahead";
  /** The result to go on with; undefined for a new run. */
  readonly resume: string | undefined;
  readonly requested: (earlier: Run | null) => RequestedRun;
  /** Writes and prints the report of a result that has samples. */
  readonly tell: (run: Run, directory: string) => Promise<void>;
}

/** Takes every sample that a run still lacks, writes the result after each, and tells it. */
export async function measureResumably({ command, resume, requested, tell }: ResumableRun): Promise<Outcome> {
  const earlier = resume === undefined ? null : await readRun(resume);
  const asked = requested(earlier);
  return withRun({
    measure: (session) => takeSamples(asked, earlier, session),
    async tell(run) {
      if (run.cells.length > 0) await tell(run, asked.directory);
      return hasEmptyCell(run) ? "host" : "done";
    },
    whenEnded: (run) =>
      run === null
        ? "no sample was taken, and nothing was written"
        : `resume it with: fusemeter ${command} --resume ${shellQuoted(asked.directory)}`,
  });
}

/** Takes the samples; where a signal ends it, those that are there by then. */
async function takeSamples(asked: RequestedRun, earlier: Run | null, session: Session): Promise<Run> {
  await using prepared = await prepare(asked, session, (host) => checkSameHost(earlier, host, asked.directory));
  const run = earlier ?? newRun(asked, prepared);
  await mkdir(asked.directory, { recursive: true });
  await writeRun(asked.directory, run);
  const calibrator = calibratorOf(asked, prepared, run, session);
  if (calibrator !== null) run.calibration = calibrator.calibration;
  try {
    const beforeBlock = async () => calibrator?.round();
    const setting = runSetting(prepared, session);
    const slices = sliceSetting(setting, session);
    await continueRun(run, { ...setting, slices, directory: asked.directory, beforeBlock });
  } catch (error) {
    if (!session.signal.aborted) throw error;
  }
  return run;
}

/** Samples of two hosts in one result would be compared as if they came from one. */
function checkSameHost(earlier: Run | null, host: Host, directory: string): void {
  if (earlier === null || earlier.host.fingerprint === host.fingerprint) return;
  throw new FusemeterError({
    code: "OTHER_HOST",
    fault: "use",
    problem: `${directory} can't be resumed here`,
    reason: `it was measured on another host (${earlier.host.kernel}, ${earlier.host.cpu})`,
    remedy: "resume it there, or start a new run here",
  });
}

/** A cell without a single good sample leaves its question open. One that was not sampled has its slices. */
function hasEmptyCell(run: Run): boolean {
  const isEmpty = (samples: readonly { readonly ok: boolean }[]) => samples.every(({ ok }) => !ok);
  return run.cells.some(({ samples, slices }) => isEmpty(samples.length > 0 ? samples : slices.flatMap(({ rounds }) => rounds)));
}

/** The calibration between the blocks; null where none is asked for. A run that has calibrated before continues to. */
function calibratorOf(
  { calibrate, seed, request: { fileSizeBytes } }: RequestedRun,
  { workspace }: PreparedRun,
  { calibration }: Run,
  { signal, line }: Session,
): Calibrator | null {
  if (!calibrate && calibration === null) return null;
  const onPhase = (phase: string) => line.note(`calibrating: ${phase}`);
  return new Calibrator({ workspace, fileSizeBytes, seed, signal, onPhase }, calibration);
}
