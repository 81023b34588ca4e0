import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FusemeterError, messageOf } from "../../errors.js";
import { type MountEntry, mountOf } from "../../linux/mounts/mountinfo.js";
import { abortConnection } from "../../linux/mounts/unmount.js";
import type { CacheState, ReadaheadSetting, Tally, TimedSample } from "../../results/index.js";
import type { Load } from "../../workloads/index.js";

import type { Backend } from "../backends/backend.js";
import { type ServedMount, serve } from "../backends/served-mount.js";
import { figuresOfFio } from "../counters/load-figures.js";
import { type LoadView, watchLoad } from "../counters/load-watch.js";
import { attachCounters, type CounterSet, type ProcessCounters, type ProcessFigures } from "../counters/process-counters.js";
import {
  type DeviceReads,
  readDeviceReads,
  readIdleEntries,
  readSystemFigures,
  sinceDeviceReads,
} from "../counters/system-counters.js";
import { watchCache } from "../files/cached-bytes.js";
import { makeCold, makeWarm } from "../files/caches.js";
import { testFile, testFileName } from "../files/test-file.js";
import type { Workspace } from "../files/workspace.js";
import { joulesBetween, readEnergy } from "../host/energy.js";
import { readaheadKiBOf } from "../host/readahead.js";
import { type FioJob, type FioResult, runFio } from "../loads/fio/index.js";
import { AS_FOUND, readaheadJob, withInitWindow } from "../readahead/setting.js";
import { setWindows } from "../readahead/windows.js";
import type { PartyFigure } from "./counts.js";

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

/** What one job gave, nothing taken out yet. */
export interface Measurement {
  readonly load: Load;
  readonly hasDaemon: boolean;
  readonly latencyNs: NonNullable<TimedSample["figures"]>["latencyNs"];
  /** Of the longest-running process. */
  readonly runtimeMs: number;
  readonly tally: Tally;
  readonly roundTrips: LoadView["roundTrips"];
  readonly kernelThreads: LoadView["kernelThreads"];
  readonly system: { readonly contextSwitches: number; readonly cpuSeconds: number };
  readonly energyJoules: number | null;
  readonly deviceReads: DeviceReads | null;
  readonly cachedBytes: { readonly mount: number | null; readonly source: number | null };
  readonly readaheadKiB: number | null;
  readonly deviceReadaheadKiB: number | null;
  readonly warnings: readonly string[];
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

  const device = mountOf(workspace.source);
  using watch = watchLoad(setting.counters, mount.daemon === null ? null : mountOf(mount.path).minor, device);
  const before = observe(mount, device);
  const { result, application } = await runLoad(setting, mount, path);
  const after = observe(mount, device);
  const { answersBySize, deviceReadsBySize, roundTrips, kernelThreads, reasons } = watch.read();
  const requests = subtractEach(after.requests?.requests ?? null, before.requests?.requests ?? null);

  if (result.ios !== load.ios) throw failed("SHORT_LOAD", `fio did ${result.ios} I/Os`, `${load.ios} were to be done`);
  proveMode(backend, requests);
  const between = (after: number | null, before: number | null) => (after === null || before === null ? null : after - before);
  const party = (key: PartyFigure) => ({
    application: application[key],
    daemon: between(after.daemon?.[key] ?? null, before.daemon?.[key] ?? null),
  });
  return {
    load,
    hasDaemon: mount.daemon !== null,
    latencyNs: result.latencyNs,
    runtimeMs: result.runtimeMs,
    tally: {
      ios: result.ios,
      syscalls: party("syscalls"),
      userPageFaults: party("userPageFaults"),
      contextSwitches: party("contextSwitches"),
      cpuSeconds: party("cpuSeconds"),
      voluntarySwitches: party("voluntarySwitches"),
      switchesToIdle: party("switchesToIdle"),
      migrations: party("migrations"),
      interrupts: party("interrupts"),
      applicationSyscallsByName: application.syscallsByName,
      daemonSyscallsByName: subtractEach(after.daemon?.syscallsByName ?? null, before.daemon?.syscallsByName ?? null),
      requests,
      answersBySize,
      deviceReadsBySize,
      idleEntries: between(after.idleEntries, before.idleEntries),
    },
    roundTrips,
    kernelThreads,
    system: {
      contextSwitches: after.system.contextSwitches - before.system.contextSwitches,
      cpuSeconds: after.system.busySeconds - before.system.busySeconds,
    },
    energyJoules: joulesBetween(before.energy, after.energy),
    deviceReads: sinceDeviceReads(before.device, after.device),
    cachedBytes: seen.read(),
    readaheadKiB: readaheadKiBOf(mount.path),
    deviceReadaheadKiB: readaheadKiBOf(workspace.source),
    warnings: [
      ...(doubt === null ? [] : [doubt]),
      ...remarks("application", application),
      ...remarks("daemon", after.daemon),
      ...reasons,
      ...(after.requests?.reason ? [`requests: ${after.requests.reason}`] : []),
    ],
  };
}

/** All that is counted outside of the load, at one moment. */
function observe(mount: ServedMount, device: MountEntry) {
  return {
    system: readSystemFigures(),
    idleEntries: readIdleEntries(),
    energy: readEnergy(),
    device: readDeviceReads(device),
    daemon: mount.daemon?.counters.read() ?? null,
    requests: mount.daemon?.requests?.read() ?? null,
  };
}

/** Why figures are missing, and which are not exact. What this kind of run never counts needs no word. */
function remarks(party: string, figures: ProcessFigures | null): string[] {
  return Object.entries({ ...figures?.reasons, ...figures?.marks })
    .filter(([, words]) => !words.startsWith("not counted in"))
    .map(([name, words]) => `${party} ${name}: ${words}`);
}

function failed(code: string, problem: string, remedy: string): FusemeterError {
  return new FusemeterError({ code, exitCode: 3, problem, remedy });
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
  const onAbort = () => void abortConnection(setting.workspace.mountpoint);
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
      exitCode: 3,
      problem: `the daemon of ${setting.backend.name} ended under load (${end})`,
      remedy: messageOf(cause),
      cause,
    });
  } finally {
    finished.abort();
    await watchdog;
    setting.signal.removeEventListener("abort", onAbort);
    (counters as ProcessCounters | null)?.[Symbol.dispose]();
  }
}

function subtractEach(
  after: Readonly<Record<string, number>> | null,
  before: Readonly<Record<string, number>> | null,
): Record<string, number> | null {
  if (after === null || before === null) return null;
  const differences = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  return Object.fromEntries(differences.filter(([, count]) => count !== 0));
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
      "NOT_PASSTHROUGH",
      `the daemon of ${backend.name} saw ${reads} READ requests`,
      "the file was not passed through",
    );
  }
  if (backend.kind === "fuse" && reads === undefined) {
    throw failed("NOT_FUSE", `the daemon of ${backend.name} saw no READ request`, "the load did not go through the daemon");
  }
}
