import { messageOf } from "../../errors.js";
import type { CountedSample, Counts, TimedSample } from "../../results/index.js";

import type { CounterSet } from "../counters/process-counters.js";
import type { RunnableLoad } from "../loads/runnable-load.js";
import { noCounts } from "./counts.js";
import { countsOf, type Measurement, type MeasureSetting, measure } from "./measure.js";
import { passesOf } from "./passes.js";
import type { Step } from "./plan.js";
import type { Part } from "./progress.js";
import { countedSample, failedSample, timedSample } from "./samples.js";
import type { StartupOverheads } from "./startup-overheads.js";

/** The setting of one step of a run. */
export interface StepSetting extends Omit<MeasureSetting, "counters" | "onFraction"> {
  readonly step: Step;
  readonly startups: StartupOverheads;
  /** The passes of the cell's earlier timed samples; null where there is none. */
  readonly passes: number | null;
  /** Says which part is under way. */
  readonly show: (phase: string) => void;
  /** Takes the time of a part. */
  readonly timePart: <Value>(part: Part, take: () => Promise<Value>) => Promise<Value>;
  /** Called for a part that failed, with a line that says how. */
  readonly onFailure: (failure: string) => void;
}

/** The samples of one step. */
export interface StepOutcome {
  /** Null where the cell is not timed in this step. */
  readonly timed: TimedSample | null;
  /** Null where the cell is not counted in this block. */
  readonly counted: CountedSample | null;
  /** The readahead windows of the timed run; null where it failed. */
  readonly windows: Pick<Measurement, "readaheadKiB" | "deviceReadaheadKiB"> | null;
}

type Attempt = { readonly ok: true; readonly measurement: Measurement } | { readonly ok: false; readonly failure: string };

const phases: Readonly<Record<Exclude<Part, "block">, string>> = {
  startup: "counting the startup overhead",
  counted: "counting",
  timed: "timing",
};

/** Measures one part of a step. A failure is reported and kept; an abort ends the run. */
async function attempt(setting: StepSetting, part: keyof typeof phases, load: RunnableLoad): Promise<Attempt> {
  const { show, signal } = setting;
  const counters: CounterSet = part === "timed" ? "timed" : "counted";
  show(phases[part]);
  const onFraction = (fraction: number) => show(`${Math.floor(fraction * 100)} %`);
  try {
    const measurement = await setting.timePart(part, () => measure({ ...setting, load, counters, onFraction }));
    return { ok: true, measurement };
  } catch (error) {
    signal.throwIfAborted();
    const failure = messageOf(error);
    setting.onFailure(failure);
    return { ok: false, failure };
  }
}

/** The startup overhead of a step's load, measured where it is not known yet; or its failure in one line. */
async function startupOf(setting: StepSetting): Promise<Counts | string> {
  const { load, startups, step } = setting;
  if (load.startup === null) return noCounts();
  const known = startups.of(step.key);
  if (known !== null) return known;
  const tried = await attempt(setting, "startup", load.startup);
  if (!tried.ok) return tried.failure;
  const counts = countsOf(tried.measurement);
  startups.set(step.key, counts);
  return counts;
}

/** Takes the timed sample of a step. One that is too short is taken again in several passes, which later samples then begin with. */
async function timed(setting: StepSetting): Promise<Attempt> {
  const { load, passes } = setting;
  if (load.inPasses === null) return await attempt(setting, "timed", load);
  const first = await attempt(setting, "timed", passes === null ? load : load.inPasses(passes));
  if (!first.ok || passes !== null) return first;
  const needed = passesOf(first.measurement.outcome);
  return needed === 1 ? first : await attempt(setting, "timed", load.inPasses(needed));
}

/**
 * Takes the samples of one step: counted, where the step says so, and timed. Without the startup overhead there is no sample, but
 * a failed one.
 *
 * @throws the signal's reason when aborted
 */
export async function takeSamples(setting: StepSetting): Promise<StepOutcome> {
  const { step, load } = setting;
  const place = { block: step.block, order: step.order, startedAt: new Date().toISOString() };
  const startup = await startupOf(setting);
  if (typeof startup === "string") {
    const failed = failedSample(place, `startup overhead: ${startup}`);
    return step.timed ? { timed: failed, counted: null, windows: null } : { timed: null, counted: failed, windows: null };
  }
  const counting = step.counted ? await attempt(setting, "counted", load) : null;
  const counted =
    counting === null
      ? null
      : counting.ok
        ? countedSample(place, counting.measurement, startup)
        : failedSample(place, counting.failure);
  if (!step.timed) return { timed: null, counted, windows: null };
  const timing = await timed(setting);
  if (!timing.ok) return { timed: failedSample(place, timing.failure), counted, windows: null };
  const { readaheadKiB, deviceReadaheadKiB } = timing.measurement;
  return { timed: timedSample(place, timing.measurement, startup), counted, windows: { readaheadKiB, deviceReadaheadKiB } };
}
