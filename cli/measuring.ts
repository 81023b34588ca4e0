import type { CellKey, Host, Placement, Run } from "../results/index.js";
import { type PreparedRun, type Progress, prepareRun, type SliceSetting } from "../runners/run/index.js";
import type { Outcome } from "./exit-codes.js";
import { reportReleaseFailures } from "./failures.js";
import { abortOnSignals, endingSignal } from "./interruption.js";
import { ProgressLine } from "./progress-line.js";
import type { RequestedRun } from "./requested-run.js";
import { slicesToCome } from "./slices-to-come.js";
import { checkWritable } from "./writable.js";

/** The surroundings of a command while it measures. */
export interface Session {
  /** Aborted by SIGINT, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
  readonly line: ProgressLine;
}

/** A command that measures, in its parts. */
interface Measuring<T extends object> {
  /** Measures. After a signal it throws, or returns the part that is there. */
  readonly measure: (session: Session) => Promise<T>;
  /** Writes and prints the result. */
  readonly tell: (result: T) => Promise<Outcome>;
  /** Completes the line `ended by SIGINT; …`. The result is null where the signal came before there was one. */
  readonly whenEnded: (result: T | null) => string;
}

/** Runs a command that measures, and that a signal ends in good order: everything put back, and the signal's exit code. */
export async function withRun<T extends object>({ measure, tell, whenEnded }: Measuring<T>): Promise<Outcome> {
  const signal = abortOnSignals();
  let result: T | null = null;
  try {
    using line = new ProgressLine();
    result = await measure({ signal, line });
  } catch (error) {
    if (endingSignal(signal) === null) throw error;
    reportReleaseFailures(error);
  }
  // A signal from here on finds nothing to put back: the result is told first.
  const ending = endingSignal(signal);
  const outcome = result === null ? "done" : await tell(result);
  if (ending === null) return outcome;
  console.error(`fusemeter: ended by ${ending}; ${whenEnded(result)}`);
  return ending;
}

/**
 * Makes the host ready, and says which backends are left out. Before anything is mounted or written, the host and the place of
 * the result are checked.
 *
 * @param refuse throws for a host that this run may not be measured on
 */
export async function prepare(
  asked: Pick<RequestedRun, "request" | "backends" | "backendsAreRequired" | "directory">,
  { signal, line }: Session,
  refuse: (host: Host) => void = () => {},
): Promise<PreparedRun> {
  const { request, backends, backendsAreRequired, directory } = asked;
  const prepared = await prepareRun(request, backends, {
    backendsAreRequired,
    signal,
    onPhase: (phase) => line.note(phase),
    checkHost(host) {
      refuse(host);
      checkWritable(directory, "out");
    },
  });
  for (const { name, unavailable } of prepared.records) {
    if (unavailable !== null) line.say(`${name} is left out: ${unavailable}`);
  }
  return prepared;
}

/** The parts of a run's setting that are the same in every command. */
export function runSetting({ usable, workspace }: PreparedRun, { signal, line }: Session) {
  return {
    backends: usable,
    workspace,
    signal,
    onProgress: (progress: Progress) => line.show(progress),
    onPhase: (phase: string) => line.note(phase),
    onFailure: (step: Progress["step"], failure: string) => line.failed(step, failure),
    beforeBlock: async () => {},
    onFailedSlices: (key: CellKey, placement: Placement, round: number, failure: string) =>
      line.failedSlices(key, placement, round, failure),
  };
}

/** The setting of slices that end where their ratios are precise enough. */
export function sliceSetting({ onPhase, onFailedSlices }: ReturnType<typeof runSetting>, { line }: Session): SliceSetting {
  const nextRounds = (run: Run, spentSeconds: number) => slicesToCome(run, spentSeconds, (unreached) => line.say(unreached));
  return { onPhase, onFailedSlices, nextRounds };
}
