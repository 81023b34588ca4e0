import { messageOf } from "../../errors.js";
import {
  blocksOf,
  type Cell,
  type CellKey,
  type Counts,
  cellKey,
  emptyCell,
  findCell,
  type Run,
  writeRun,
} from "../../results/index.js";
import { loadOf, startupLoadOf, workloadOf } from "../../workloads/index.js";

import type { Backend } from "../backends/backend.js";
import type { Workspace } from "../files/workspace.js";
import { seesReadahead } from "../readahead/setting.js";
import { countsOf, type MeasureSetting, measure } from "./measure.js";
import { planOf, type Step } from "./plan.js";
import { Clock, type Part, type Progress } from "./progress.js";
import { countedSample, failedSample, timedSample } from "./samples.js";

export interface RunSetting {
  /** The backends of the run by name; names that are missing here are not measured. */
  readonly backends: ReadonlyMap<string, Backend>;
  readonly workspace: Workspace;
  /** Where `run.json` is written, after every sample. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Called before the first sample of each block. */
  readonly beforeBlock: () => Promise<void>;
  /** Called for a sample that failed, with a line that says how. */
  readonly onFailure: (step: Step, failure: string) => void;
}

/** The steps of a run that its result does not have yet: all of a new one, the rest of one that was stopped. */
function missingSteps(run: Run, backends: ReadonlyMap<string, Backend>): Step[] {
  const { blocks, countedBlocks } = blocksOf(run);
  const differs = (key: CellKey) => seesReadahead(backends.get(key.backend)!, key);
  const plan = planOf({ ...run.request, backends: [...backends.keys()], differs }, blocks, countedBlocks, run.seed);
  return plan.filter(({ key, block }) => !findCell(run, key)?.samples.some((sample) => sample.block === block));
}

function cellOf(run: Run, key: CellKey): Cell {
  const known = findCell(run, key);
  if (known !== undefined) return known;
  const cell = emptyCell(run, key);
  run.cells.push(cell);
  return cell;
}

/** The startup overhead of a cell, where it is known: from this process, or from the counted sample of an earlier one. */
function knownStartup(cell: Cell | undefined, startups: ReadonlyMap<Cell, Counts>): Counts | undefined {
  if (cell === undefined) return undefined;
  return startups.get(cell) ?? cell.counts.flatMap((sample) => (sample.ok ? [sample.figures.startup] : []))[0];
}

/**
 * Takes every sample that a run still lacks. The result is written after each; aborting keeps what is there.
 *
 * @throws the signal's reason when aborted
 */
export async function continueRun(run: Run, setting: RunSetting): Promise<void> {
  const steps = missingSteps(run, setting.backends);
  const total = blocksOf(run).blocks * new Set(steps.map(({ key }) => cellKey(key))).size;
  const startups = new Map<Cell, Counts>();
  const hasStartup = (key: CellKey) => knownStartup(findCell(run, key), startups) !== undefined;
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
    const cell = cellOf(run, step.key);
    if (step.block !== steps[index - 1]?.block) await timePart("block", null, setting.beforeBlock);
    const secondsLeft = index === 0 ? null : clock.estimate(steps.slice(index), hasStartup);
    const show = (phase: string) => setting.onProgress({ done: total - steps.length + index, total, step, phase, secondsLeft });
    await takeSample(run, cell, step, startups, setting, show, (part, take) => timePart(part, step.key, take));
    await writeRun(setting.directory, run);
  }
  run.complete = true;
  await writeRun(setting.directory, run);
}

async function takeSample(
  run: Run,
  cell: Cell,
  step: Step,
  startups: Map<Cell, Counts>,
  setting: RunSetting,
  show: (phase: string) => void,
  timePart: <T>(part: Part, take: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const load = loadOf(workloadOf(cell.workload), cell.ioSizeBytes, run.request.fileSizeBytes);
  const common: Omit<MeasureSetting, "load" | "counters"> = {
    backend: setting.backends.get(cell.backend)!,
    cache: cell.cache,
    ...(cell.readahead && { readahead: cell.readahead }),
    workspace: setting.workspace,
    randomSeed: run.seed,
    signal: setting.signal,
    onFraction: (fraction) => show(`${Math.floor(fraction * 100)} %`),
  };
  const place = { block: step.block, order: step.order, startedAt: new Date().toISOString() };
  const attempt = async <T>(part: Part, take: () => Promise<T>): Promise<T | string> => {
    try {
      return await timePart(part, take);
    } catch (error) {
      setting.signal.throwIfAborted();
      const failure = messageOf(error);
      setting.onFailure(step, failure);
      return failure;
    }
  };

  let startup: Counts | string | undefined = knownStartup(cell, startups);
  if (startup === undefined) {
    show("counting the startup overhead");
    startup = await attempt("startup", async () =>
      countsOf(await measure({ ...common, load: startupLoadOf(load), counters: "counted" })),
    );
  }
  if (typeof startup === "string") {
    cell.samples.push(failedSample(place, `startup overhead: ${startup}`));
    return;
  }
  startups.set(cell, startup);

  if (step.counted) {
    show("counting");
    const counted = await attempt("counted", () => measure({ ...common, load, counters: "counted" }));
    cell.counts.push(typeof counted === "string" ? failedSample(place, counted) : countedSample(place, counted, startup));
  }
  show("timing");
  const timed = await attempt("timed", () => measure({ ...common, load, counters: "timed" }));
  if (typeof timed === "string") {
    cell.samples.push(failedSample(place, timed));
    return;
  }
  cell.samples.push(timedSample(place, timed, startup));
  cell.readaheadKiB = timed.readaheadKiB;
  cell.deviceReadaheadKiB = timed.deviceReadaheadKiB;
}
