import { messageOf } from "../../../errors.js";
import type { Evidence, Run, StudyName } from "../../../results/index.js";
import { mixedIoStudy } from "./mixed-io.js";
import { perInodeStudy } from "./per-inode.js";
import { type RunStudySetting, runStudy } from "./run-studies.js";
import { stackingStudy } from "./stacking.js";
import { stormStudy } from "./storms.js";

interface GatherSetting extends RunStudySetting {
  /** Called with a line for each study that begins. */
  readonly onPhase: (phase: string) => void;
}

/**
 * Makes the studies that some claims need. One that fails leaves its claims untested, and says why through `onFailure`.
 *
 * @throws the signal's reason when aborted
 */
export async function gatherEvidence(studies: readonly StudyName[], setting: GatherSetting): Promise<Evidence> {
  const { directory, signal, onPhase, onFailure } = setting;
  const runs: Run[] = [];
  for (const name of studies) {
    const run = await runStudy(name, setting);
    if (run !== null) runs.push(run);
  }
  const attempt = async <T>(name: StudyName, study: (directory: string, signal: AbortSignal) => Promise<T[]>): Promise<T[]> => {
    if (!studies.includes(name)) return [];
    onPhase(`trying ${name}`);
    try {
      return await study(directory, signal);
    } catch (error) {
      signal.throwIfAborted();
      onFailure(`${name}: ${messageOf(error)}`);
      return [];
    }
  };
  return {
    runs,
    storms: await attempt("storms", stormStudy),
    stacking: await attempt("stacking", stackingStudy),
    perInode: await attempt("per-inode", perInodeStudy),
    mixedIo: await attempt("mixed-io", mixedIoStudy),
  };
}
