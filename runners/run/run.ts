import { blocksOf, type CellKey, cellKey, cellOf, findCell, type Run, writeRun } from "../../results/index.js";
import { type Backend, NATIVE_AGAIN } from "../backends/backend.js";
import type { Workspace } from "../files/workspace.js";
import { seesReadahead } from "../readahead/setting.js";
import { loadOfCell } from "./load-of-cell.js";
import { passesBefore } from "./passes.js";
import { cellsOf, type Grid, planOf, type Step } from "./plan.js";
import { Clock, type Part, type Progress } from "./progress.js";
import { type SliceSetting, takeSliceRounds } from "./slice-rounds.js";
import { StartupOverheads } from "./startup-overheads.js";
import { takeSamples } from "./take-samples.js";

export interface RunSetting {
  /** The backends of the run by name; names that are missing here are not measured. */
  readonly backends: ReadonlyMap<string, Backend>;
  readonly workspace: Workspace;
  /** The directory in which `run.json` is written, after every sample. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Called before the first sample of each block. */
  readonly beforeBlock: () => Promise<void>;
  /** Called for a sample that failed, with a line that says how. */
  readonly onFailure: (step: Step, failure: string) => void;
  /** Given where blocks take counted samples alone, of the cells for which it is true. Slices are taken of every cell. */
  readonly isCounted?: (key: CellKey) => boolean;
  /** Gives the rounds of slices to take; null for a run without slices. */
  readonly slices: SliceSetting | null;
}

/** The grid of a run with the backends that can be measured. */
function gridOf(run: Run, backends: ReadonlyMap<string, Backend>): Grid {
  const differs = (key: CellKey) => seesReadahead(backends.get(key.backend)!, key);
  return { ...run.request, backends: [...backends.keys()], differs };
}

const hasBlock = (samples: readonly { readonly block: number }[] | undefined, block: number) =>
  samples?.some((sample) => sample.block === block) === true;

/**
 * False for native again in a run whose slices tell the noise: its samples by fio would say nothing more. A number of blocks that is
 * named is taken of every cell.
 */
function isSampled({ backend }: CellKey, { request: { slices } }: Run): boolean {
  return backend !== NATIVE_AGAIN || slices === undefined || slices.rounds !== null;
}

/** The steps of a run that its result does not have yet: all of a new one, the rest of one that was stopped. */
function missingSteps(run: Run, { backends, isCounted }: RunSetting): Step[] {
  const { blocks, countedBlocks } = blocksOf(run);
  const plan = planOf(gridOf(run, backends), blocks, countedBlocks, run.seed).filter(({ key }) => isSampled(key, run));
  if (isCounted === undefined) return plan.filter(({ key, block }) => !hasBlock(findCell(run, key)?.samples, block));
  return plan.flatMap((step) => {
    const { key, block, counted } = step;
    const isWanted = counted && isCounted(key) && !hasBlock(findCell(run, key)?.counts, block);
    return isWanted ? [{ ...step, timed: false }] : [];
  });
}

/**
 * Takes every sample that a run still lacks. The result is written after each; aborting keeps what is there.
 *
 * @throws the signal's reason when aborted
 */
export async function continueRun(run: Run, setting: RunSetting): Promise<void> {
  const steps = missingSteps(run, setting);
  const total = blocksOf(run).blocks * new Set(steps.map(({ key }) => cellKey(key))).size;
  const startups = new StartupOverheads(run);
  const hasStartup = (key: CellKey) => startups.of(key) !== null;
  const clock = new Clock();
  const timePart = async <T>(part: Part, key: CellKey | null, take: () => Promise<T>): Promise<T> => {
    const startedMs = performance.now();
    try {
      return await take();
    } finally {
      clock.add(part, key, (performance.now() - startedMs) / 1000);
    }
  };
  for (const [index, step] of steps.entries()) {
    if (step.block !== steps[index - 1]?.block) await timePart("block", null, setting.beforeBlock);
    const secondsLeft = index === 0 ? null : clock.estimate(steps.slice(index), hasStartup);
    const { key } = step;
    const load = loadOfCell(key, run.request, run.seed);
    const { timed, counted, windows } = await takeSamples({
      step,
      backend: setting.backends.get(key.backend)!,
      load,
      passes: passesBefore(findCell(run, key)?.samples ?? [], load),
      cache: key.cache,
      readahead: key.readahead,
      workspace: setting.workspace,
      signal: setting.signal,
      startups,
      show: (phase) => setting.onProgress({ done: total - steps.length + index, total, step, phase, secondsLeft }),
      timePart: (part, take) => timePart(part, key, take),
      onFailure: (failure) => setting.onFailure(step, failure),
    });
    const cell = cellOf(run, key);
    if (timed !== null) cell.samples.push(timed);
    if (counted !== null) cell.counts.push(counted);
    if (windows !== null) Object.assign(cell, windows);
    await writeRun(setting.directory, run);
  }
  if (setting.slices !== null)
    await takeSliceRounds(run, { ...setting, ...setting.slices, keys: cellsOf(gridOf(run, setting.backends)) });
  run.complete = true;
  await writeRun(setting.directory, run);
}
