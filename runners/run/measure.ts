import { join } from "node:path";
import { abortConnection } from "../../linux/mounts/abort.js";
import { mountOf } from "../../linux/mounts/mountinfo.js";
import {
  AS_FOUND,
  type CacheState,
  type Counts,
  type Figures,
  type ReadaheadSetting,
  startupFigures,
} from "../../results/index.js";

import type { Backend } from "../backends/backend.js";
import { serve } from "../backends/served-mount.js";
import { watchLoad } from "../counters/load-watch.js";
import type { CounterSet } from "../counters/process-counters.js";
import { watchCache } from "../files/cached-bytes.js";
import { makeCold, makeWarm } from "../files/caches.js";
import type { Workspace } from "../files/workspace.js";
import { readaheadKiBOf } from "../host/readahead.js";
import type { LoadOutcome, RunnableLoad } from "../loads/runnable-load.js";
import { withInitWindow } from "../readahead/setting.js";
import { setWindows } from "../readahead/windows.js";
import { figuresByParty, remarksOn } from "./figures-by-party.js";
import { proveSample } from "./prove-sample.js";
import { runLoad } from "./run-load.js";

export interface MeasureSetting {
  readonly backend: Backend;
  readonly load: RunnableLoad;
  readonly cache: CacheState;
  /** Default: nothing is set. */
  readonly readahead?: ReadaheadSetting | undefined;
  readonly counters: CounterSet;
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
  /** The part of the load that is done, 0 to 1. */
  readonly onFraction: (fraction: number) => void;
}

/** The outcome of one load on a fresh mount, nothing taken out yet. */
export interface Measurement {
  readonly outcome: LoadOutcome;
  readonly figures: Figures;
  readonly readaheadKiB: number | null;
  readonly deviceReadaheadKiB: number | null;
  readonly warnings: readonly string[];
}

/** The part of a measurement that a startup overhead is taken out of, or that is one. */
export function countsOf({ outcome: { operations }, figures }: Measurement): Counts {
  const taken = startupFigures.map((key) => [key, figures[key]]);
  return { operations, ...(Object.fromEntries(taken) as Omit<Counts, "operations">) };
}

/** Brings the files of a load into a cache state. A hot file is warm before its first pass. @returns doubts that they are in it */
async function bringInto(cache: CacheState, files: readonly string[]): Promise<string[]> {
  const doubts: string[] = [];
  for (const file of files) {
    const doubt = await (cache === "cold" ? makeCold(file) : makeWarm(file));
    if (doubt !== null) doubts.push(doubt);
  }
  return doubts;
}

/**
 * Runs a load once on a backend, mounted afresh, with its files in a cache state.
 *
 * @throws {FusemeterError} where the mount or the load fails, or the backend did not work in its mode
 */
export async function measure(setting: MeasureSetting): Promise<Measurement> {
  const { backend, load, cache, readahead = AS_FOUND, workspace, counters, signal } = setting;
  const sources = load.files.map(({ name }) => join(workspace.source, name));
  const doubts = await bringInto(cache, sources);
  await using mount = await serve(withInitWindow(backend, readahead), workspace, counters, signal);
  using _windows = setWindows(readahead, mount.path, workspace.source);
  const hasCache = mount.daemon !== null && backend.kind !== "passthrough";
  const watched = {
    mount: hasCache ? load.files.map(({ name }) => join(mount.path, name)) : [],
    source: cache === "cold" ? sources : [],
  };
  await using caches = await watchCache(watched, signal, () => abortConnection(workspace.mountpoint));
  const loadSetting = { ...setting, mount, mountpoint: workspace.mountpoint };
  if (cache === "hot") await runLoad(loadSetting);

  using watch = watchLoad({
    set: counters,
    connection: mount.daemon === null ? null : mountOf(mount.path).minor,
    device: mountOf(workspace.source),
    requests: mount.daemon?.requests ?? null,
    caches,
  });
  const before = mount.daemon?.counters.read() ?? null;
  const { outcome, application } = await runLoad(loadSetting);
  const system = watch.read();
  const after = mount.daemon?.counters.read() ?? null;

  proveSample(backend, load, outcome, system.figures.requests);
  return {
    outcome,
    figures: { ...system.figures, ...figuresByParty(application, before, after) },
    readaheadKiB: readaheadKiBOf(mount.path),
    deviceReadaheadKiB: readaheadKiBOf(workspace.source),
    warnings: [...doubts, ...remarksOn("application", application), ...remarksOn("daemon", after), ...system.reasons],
  };
}
