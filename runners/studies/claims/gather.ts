import { messageOf } from "../../../errors.js";
import type { Evidence, Run, Storm, Trial } from "../../../results/index.js";

import { takeRun } from "./run-study.js";
import { type StudyName, studies, studyNames } from "./studies.js";
import type { Study, StudySetting } from "./study.js";

/**
 * Measures some studies, one after the other, each in its place of the list. A study that can't be done leaves its evidence out,
 * and its failure is told.
 */
export async function gatherEvidence(names: readonly StudyName[], setting: StudySetting): Promise<Evidence> {
  const runs: Run[] = [];
  const storms: Storm[] = [];
  const trials: Record<string, Trial[]> = {};
  for (const name of studyNames.filter((name) => names.includes(name))) {
    const study: Study = studies[name];
    if ("grid" in study) runs.push(await takeRun(name, study.grid, setting));
    else if ("storms" in study) storms.push(...(await attempt(name, study.storms, setting)));
    else trials[name] = await attempt(name, study.trials, setting);
  }
  return { runs, storms, trials };
}

async function attempt<Found>(
  name: StudyName,
  take: (directory: string, signal: AbortSignal) => Promise<Found[]>,
  { directory, signal, onPhase, onFailure }: StudySetting,
): Promise<Found[]> {
  onPhase(`trying ${name}`);
  try {
    return await take(directory, signal);
  } catch (error) {
    signal.throwIfAborted();
    onFailure(`${name}: ${messageOf(error)}`);
    return [];
  }
}
