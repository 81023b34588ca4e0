import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FusemeterError, messageOf } from "../../errors.js";
import { abortConnection } from "../../linux/mounts/abort.js";
import { mountOf } from "../../linux/mounts/mountinfo.js";
import {
  AS_FOUND,
  type CacheState,
  type Counts,
  type CountsByName,
  type Figures,
  isByName,
  type LatencyNs,
  type PartyFigure,
  partyFigures,
  type ReadaheadSetting,
  rowOf,
  startupFigures,
} from "../../results/index.js";
import type { Load } from "../../workloads/index.js";

import type { Backend } from "../backends/backend.js";
import { type ServedMount, serve } from "../backends/served-mount.js";
import { figuresOfFio } from "../counters/load-figures.js";
import { minusEach } from "../counters/load-readers.js";
import { watchLoad } from "../counters/load-watch.js";
import { attachCounters, type CounterSet, type ProcessCounters } from "../counters/process-counters.js";
import { NOT_TIMED, type ProcessFigures } from "../counters/process-figures.js";
import { watchCache } from "../files/cached-bytes.js";
import { makeCold, makeWarm } from "../files/caches.js";
import { testFile, testFileName } from "../files/test-file.js";
import type { Workspace } from "../files/workspace.js";
import { readaheadKiBOf } from "../host/readahead.js";
import { type FioJob, type FioResult, runFio } from "../loads/fio/index.js";
import { readaheadJob, withInitWindow } from "../readahead/setting.js";
import { setWindows } from "../readahead/windows.js";

export interface MeasureSetting {
  readonly backend: Backend;
  readonly load: Load;
  readonly cache: CacheState;
  /** Default: nothing is set. */
  readonly readahead?: ReadaheadSetting;
  readonly counters: CounterSet;
  readonly workspace: Workspace;
  /** Keeps the load on this CPU. Default: where the scheduler puts it. */
  readonly cpu?: number;
  /** Of fio's random map: the same for all samples of a run, so that all read the same blocks in the same order. */
  readonly randomSeed: number;
  readonly signal: AbortSignal;
  /** The part of the load that is done, 0 to 1. */
  readonly onFraction: (fraction: number) => void;
}

/** The outcome of one job, nothing taken out yet. */
export interface Measurement {
  readonly load: Load;
  readonly operations: number;
  readonly latencyNs: LatencyNs;
  /** Of the longest-running process. */
  readonly runtimeMs: number;
  readonly figures: Figures;
  readonly readaheadKiB: number | null;
  readonly deviceReadaheadKiB: number | null;
  readonly warnings: readonly string[];
}

/** The part of a measurement that a startup overhead is taken out of, or that is one. */
export function countsOf({ operations, figures }: Measurement): Counts {
  const taken = startupFigures.map((key) => [key, figures[key]]);
  return { operations, ...(Object.fromEntries(taken) as Omit<Counts, "operations">) };
}

/** After this long a load that does not end is given up: its daemon hangs. */
const limitMs = 10 * 60_000;

function jobOf({ load, readahead = AS_FOUND, randomSeed, cpu }: MeasureSetting, path: string): FioJob {
  const { workload, ioSizeBytes, fileSizeBytes, ios } = load;
  const ioBytes = (ios / workload.threads) * ioSizeBytes;
  const readaheadPart = readaheadJob(readahead, workload);
  // Sequential readers of one file share it out: who followed another would only read its pages from the cache.
  const isShared = workload.pattern === "sequential" && workload.threads > 1;
  return {
    name: workload.name,
    filenames: [path],
    ...readaheadPart,
    options: {
      ...readaheadPart.options,
      ...(isShared && { offset_increment: ioBytes }),
      ...(cpu !== undefined && { cpus_allowed: cpu }),
    },
    blockSizeBytes: ioSizeBytes,
    sizeBytes: isShared ? ioBytes : fileSizeBytes,
    ioBytes,
    numjobs: workload.threads,
    randomSeed,
  };
}

/**
 * Runs a load once on a backend, mounted afresh, with the file in the state of cache that was asked for.
 *
 * @throws {FusemeterError} where it fails: the mount, the load, or the proof that the backend worked in its mode
 */
export async function measure(setting: MeasureSetting): Promise<Measurement> {
  const { backend, load, cache, readahead = AS_FOUND, workspace, signal } = setting;
  const file = testFile(workspace, cache);
  const doubt = await (cache === "cold" ? makeCold(file) : makeWarm(file));
  await using mount = await serve(withInitWindow(backend, readahead), workspace, setting.counters, signal);
  using _windows = setWindows(readahead, mount.path, workspace.source);
  const path = join(mount.path, testFileName(cache));
  const isCached = mount.daemon !== null && backend.kind !== "passthrough";
  const watched = { mount: isCached ? path : null, source: cache === "cold" ? file : null };
  await using seen = await watchCache(watched, signal, () => abortConnection(workspace.mountpoint));
  if (cache === "hot") await runLoad(setting, mount, path);

  using watch = watchLoad({
    set: setting.counters,
    connection: mount.daemon === null ? null : mountOf(mount.path).minor,
    device: mountOf(workspace.source),
    requests: mount.daemon?.requests ?? null,
    caches: seen,
  });
  const before = mount.daemon?.counters.read() ?? null;
  const { result, application } = await runLoad(setting, mount, path);
  const system = watch.read();
  const after = mount.daemon?.counters.read() ?? null;

  if (result.ios !== load.ios) throw failed(backend, "SHORT_LOAD", `fio did ${result.ios} of ${load.ios} I/Os`);
  proveMode(backend, system.figures.requests);
  return {
    load,
    operations: result.ios,
    latencyNs: result.latencyNs,
    runtimeMs: result.runtimeMs,
    figures: { ...system.figures, ...figuresByParty(application, before, after) },
    readaheadKiB: readaheadKiBOf(mount.path),
    deviceReadaheadKiB: readaheadKiBOf(workspace.source),
    warnings: [
      ...(doubt === null ? [] : [doubt]),
      ...remarks("application", application),
      ...remarks("daemon", after),
      ...system.reasons,
    ],
  };
}

/** The figures of both parties: the application's as they are, the daemon's from the load's start to its end. */
function figuresByParty(application: ProcessFigures, before: ProcessFigures | null, after: ProcessFigures | null) {
  const daemon = (key: PartyFigure): number | CountsByName | null => {
    const [start, end] = [before?.[key] ?? null, after?.[key] ?? null];
    if (start === null || end === null) return null;
    return isByName(key) ? minusEach(start as CountsByName, end as CountsByName) : (end as number) - (start as number);
  };
  const figures = partyFigures.map((key) => [key, { application: application[key], daemon: daemon(key) }]);
  return Object.fromEntries(figures) as Pick<Figures, PartyFigure>;
}

/** A line for each figure that is missing or not exact. A figure that this kind of run never counts needs no word. */
function remarks(party: string, figures: ProcessFigures | null): string[] {
  return partyFigures.flatMap((key) => {
    const words = figures?.reasons[key] ?? figures?.caveats[key];
    return words === undefined || words === NOT_TIMED ? [] : [`${party} ${rowOf(key).label}: ${words}`];
  });
}

function failed({ name }: Backend, code: string, problem: string, reason?: string): FusemeterError {
  return new FusemeterError({ code, fault: "host", problem, reason: reason ?? null, backend: name });
}

/** Runs fio with its counters attached; a load that outlives the limit is freed by aborting the mount that it waits for. */
async function runLoad(
  setting: MeasureSetting,
  mount: ServedMount,
  path: string,
): Promise<{ result: FioResult; application: ProcessFigures }> {
  // A load that waits for a daemon switches at every read, where even the counters of timed runs cost something.
  const fioCounts = setting.counters === "timed" && mount.daemon !== null && setting.backend.kind !== "passthrough";
  let counters: ProcessCounters | null = null;
  const finished = new AbortController();
  const watchdog = sleep(limitMs, undefined, { signal: finished.signal }).then(
    () => abortConnection(setting.workspace.mountpoint),
    () => {},
  );
  // A load in a system call to a hung daemon dies only when the connection does.
  const onAbort = () => abortConnection(setting.workspace.mountpoint);
  setting.signal.addEventListener("abort", onAbort, { once: true });
  try {
    const result = await runFio(jobOf(setting, path), {
      signal: setting.signal,
      onProgress: setting.onFraction,
      beforeExec: (pid) => {
        counters = fioCounts ? null : attachCounters(pid, setting.counters, "children");
      },
    });
    return { result, application: (counters as ProcessCounters | null)?.read() ?? figuresOfFio(result) };
  } catch (cause) {
    setting.signal.throwIfAborted();
    const end = mount.daemonEnd();
    if (end === null) throw cause;
    throw new FusemeterError({
      code: "DAEMON_ENDED",
      fault: "host",
      problem: `the daemon of ${setting.backend.name} ended under load (${end})`,
      reason: messageOf(cause),
      backend: setting.backend.name,
      cause,
    });
  } finally {
    finished.abort();
    await watchdog;
    setting.signal.removeEventListener("abort", onAbort);
    (counters as ProcessCounters | null)?.[Symbol.dispose]();
  }
}

/**
 * A passthrough sample whose daemon saw a READ was none; nor was a daemon's sample that it served without one. Commands of
 * the user's own may be either: their requests stand in the result.
 */
function proveMode(backend: Backend, requests: Readonly<Record<string, number>> | null): void {
  const reads = requests?.READ;
  if (requests === null) return;
  if (backend.kind === "passthrough" && reads !== undefined) {
    throw failed(
      backend,
      "NOT_PASSTHROUGH",
      `the daemon of ${backend.name} saw ${reads} READ requests`,
      "the file was not passed through",
    );
  }
  if (backend.kind === "fuse" && reads === undefined) {
    throw failed(backend, "NOT_FUSE", `the daemon of ${backend.name} saw no READ request`, "the load went past it");
  }
}
