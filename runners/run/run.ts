import { isDeepStrictEqual } from "node:util";
import { messageOf } from "../../errors.js";
import {
  type Cell,
  type CellKey,
  type CountedSample,
  type Run,
  type Tally,
  type TimedSample,
  writeRun,
} from "../../results/index.js";
import { fixedPartOf, loadOf, workloadOf } from "../../workloads/index.js";

import type { Backend } from "../backends/backend.js";
import type { Workspace } from "../files/workspace.js";
import { seesReadahead } from "../readahead/setting.js";
import { minus } from "./counts.js";
import { type Measurement, type MeasureSetting, measure } from "./measure.js";
import { planOf, type Step } from "./plan.js";
import { Clock, type Part, type Progress } from "./progress.js";

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
export function missingSteps(run: Run, backends: ReadonlyMap<string, Backend>): Step[] {
  const { blocks, countedBlocks, ...axes } = run.request;
  const differs = (key: CellKey) => seesReadahead(backends.get(key.backend)!, key);
  const plan = planOf({ ...axes, backends: [...backends.keys()], differs }, blocks, countedBlocks, run.seed);
  return plan.filter(({ key, block }) => !findCell(run, key)?.samples.some((sample) => sample.block === block));
}

function findCell(run: Run, key: CellKey): Cell | undefined {
  return run.cells.find(
    ({ backend, workload, ioSizeBytes, cache, readahead }) =>
      backend === key.backend &&
      workload === key.workload &&
      ioSizeBytes === key.ioSizeBytes &&
      cache === key.cache &&
      isDeepStrictEqual(readahead, key.readahead),
  );
}

function cellOf(run: Run, key: CellKey): Cell {
  const known = findCell(run, key);
  if (known !== undefined) return known;
  const cell: Cell = { ...key, readaheadKiB: null, deviceReadaheadKiB: null, medium: run.host.device, samples: [], counts: [] };
  run.cells.push(cell);
  return cell;
}

/** The startup overhead of a cell, where it is known: from this process, or from the counted sample of an earlier one. */
function knownStartup(cell: Cell | undefined, startups: ReadonlyMap<Cell, Tally>): Tally | undefined {
  if (cell === undefined) return undefined;
  return startups.get(cell) ?? cell.counts.find(({ figures }) => figures !== null)?.figures?.subtracted;
}

/**
 * Takes every sample that a run still lacks. The result is written after each; aborting keeps what is there.
 *
 * @throws the signal's reason when aborted
 */
export async function continueRun(run: Run, setting: RunSetting): Promise<void> {
  const steps = missingSteps(run, setting.backends);
  const total = run.request.blocks * new Set(steps.map(({ key }) => JSON.stringify(key))).size;
  const startups = new Map<Cell, Tally>();
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
  startups: Map<Cell, Tally>,
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
  const frame = { block: step.block, order: step.order, startedAt: new Date().toISOString() };
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

  let fixed: Tally | string | undefined = knownStartup(cell, startups);
  if (fixed === undefined) {
    show("counting the fixed part");
    fixed = await attempt(
      "startup",
      async () => (await measure({ ...common, load: fixedPartOf(load), counters: "counted" })).tally,
    );
  }
  if (typeof fixed === "string") {
    cell.samples.push({ ...frame, failure: `fixed part: ${fixed}`, warnings: [], figures: null });
    return;
  }
  startups.set(cell, fixed);

  if (step.counted) {
    show("counting");
    const counted = await attempt("counted", () => measure({ ...common, load, counters: "counted" }));
    cell.counts.push(typeof counted === "string" ? failed(frame, counted) : countedSample(frame, counted, fixed));
  }
  show("timing");
  const timed = await attempt("timed", () => measure({ ...common, load, counters: "timed" }));
  cell.samples.push(typeof timed === "string" ? failed(frame, timed) : timedSample(frame, timed, fixed));
  if (typeof timed !== "string") {
    cell.readaheadKiB = timed.readaheadKiB;
    cell.deviceReadaheadKiB = timed.deviceReadaheadKiB;
  }
}

/**
 * How long the I/Os took. Of one reader by its latencies, finer than fio's whole milliseconds; of several by the clock, since a
 * reader that waits for a core is inside no I/O.
 */
function secondsOf({ load, latencyNs, runtimeMs }: Measurement): number {
  return load.workload.threads === 1 ? (load.ios * latencyNs.mean) / 1e9 : runtimeMs / 1e3;
}

type Frame = Pick<TimedSample, "block" | "order" | "startedAt">;

function failed(frame: Frame, failure: string): TimedSample & CountedSample {
  return { ...frame, failure, warnings: [], figures: null };
}

function timedSample(frame: Frame, measurement: Measurement, fixed: Tally): TimedSample {
  const { tally: net, warnings } = minus(measurement.tally, fixed);
  const { load } = measurement;
  return {
    ...frame,
    failure: null,
    warnings: [...measurement.warnings, ...warnings],
    figures: {
      seconds: secondsOf(measurement),
      ios: load.ios,
      bytes: load.ios * load.ioSizeBytes,
      latencyNs: measurement.latencyNs,
      countedIos: net.ios,
      contextSwitches: { ...net.contextSwitches, system: measurement.system.contextSwitches },
      requests: net.requests,
      idleEntries: net.idleEntries,
      cpuSeconds: { ...net.cpuSeconds, system: measurement.system.cpuSeconds },
      energyJoules: measurement.energyJoules,
      kernelThreads: measurement.kernelThreads,
      deviceReadBytes: measurement.deviceReads?.bytes ?? null,
      deviceReads: measurement.deviceReads,
      cachedBytes: measurement.cachedBytes,
    },
  };
}

function countedSample(frame: Frame, measurement: Measurement, fixed: Tally): CountedSample {
  const { tally: net, warnings } = minus(measurement.tally, fixed);
  const party = (name: "application" | "daemon") => ({ syscalls: net.syscalls[name], userPageFaults: net.userPageFaults[name] });
  return {
    ...frame,
    failure: null,
    warnings: [...measurement.warnings, ...warnings],
    figures: {
      ios: net.ios,
      transitions: { application: party("application"), daemon: measurement.hasDaemon ? party("daemon") : null },
      contextSwitches: { ...net.contextSwitches, system: measurement.system.contextSwitches },
      voluntarySwitches: net.voluntarySwitches,
      switchesToIdle: net.switchesToIdle,
      migrations: net.migrations,
      interrupts: net.interrupts,
      answersBySize: net.answersBySize,
      deviceReadsBySize: net.deviceReadsBySize,
      roundTrips: measurement.roundTrips,
      kernelThreads: measurement.kernelThreads,
      applicationSyscallsByName: net.applicationSyscallsByName,
      daemonSyscallsByName: net.daemonSyscallsByName,
      requests: net.requests,
      subtracted: fixed,
    },
  };
}
