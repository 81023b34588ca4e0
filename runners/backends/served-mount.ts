import { setTimeout as sleep } from "node:timers/promises";
import { FusemeterError } from "../../errors.js";
import { connectionAt, mountAt } from "../../linux/mounts/mountinfo.js";
import { unmount } from "../../linux/mounts/unmount.js";
import { attachCounters, type CounterSet, type ProcessCounters } from "../counters/process-counters.js";
import { countRequests, type RequestCounters } from "../counters/request-counters.js";
import type { Workspace } from "../files/workspace.js";
import { type ProcessEnd, processTree, startStopped } from "../processes/stopped-process.js";
import { argvOf, type Backend } from "./backend.js";

/** How long a daemon may take until its mount is there, and to end when the mount is gone. */
const patienceMs = 15_000;

/** A backend ready to be read through. Disposing unmounts, and ends what served it. */
export interface ServedMount extends AsyncDisposable {
  /** Where the load finds the source tree. */
  readonly path: string;
  /** Null where no daemon serves: the native backend. */
  readonly daemon: {
    readonly counters: ProcessCounters;
    readonly requests: RequestCounters | null;
    /** The pids of the command and what descends from it; none where it went to the background. */
    processes(): number[];
  } | null;
  /** In one line how the daemon ended, once it has; null while it serves. */
  daemonEnd(): string | null;
}

/** How long a daemon must use no CPU to be taken as started, and after how long it is taken so anyway. */
const quietMs: Readonly<Record<CounterSet, number>> = { timed: 20, counted: 100 };
const startUpMs = 5000;

/**
 * Waits until a daemon whose mount is there has also finished starting (threads, a runtime's own compiling): what it still
 * does to start would count as the load's.
 */
async function untilQuiet(counters: ProcessCounters, set: CounterSet): Promise<void> {
  const pollMs = 10;
  const deadlineMs = performance.now() + startUpMs;
  let cpuSeconds = counters.read().cpuSeconds;
  let sinceMs = performance.now();
  while (performance.now() - sinceMs < quietMs[set] && performance.now() < deadlineMs) {
    await sleep(pollMs);
    const now = counters.read().cpuSeconds;
    if (now !== cpuSeconds) sinceMs = performance.now();
    cpuSeconds = now;
  }
}

function howItEnded(end: ProcessEnd): string {
  const words = end.stderr.trim().split("\n").at(-1);
  return `${end.signal === null ? `exit ${end.exitCode}` : end.signal}${words ? `: ${words}` : ""}`;
}

function notMounted(backend: Backend, why: string): FusemeterError {
  return new FusemeterError({
    code: "NOT_MOUNTED",
    exitCode: 3,
    problem: `${backend.name} did not mount`,
    remedy: why,
  });
}

/**
 * Mounts a backend afresh, with the daemon's counters attached before its first instruction. A command may serve in the
 * foreground or go to the background: what counts is that the mount appears, and all that the command starts is counted.
 *
 * @throws {FusemeterError} `NOT_MOUNTED` with the daemon's own words
 */
export async function serve(backend: Backend, workspace: Workspace, set: CounterSet, signal: AbortSignal): Promise<ServedMount> {
  if (backend.command === null) {
    return { path: workspace.source, daemon: null, daemonEnd: () => null, async [Symbol.asyncDispose]() {} };
  }
  const { mountpoint } = workspace;
  const process = await startStopped(argvOf(backend, workspace.source, mountpoint));
  let counters: ProcessCounters | null = null;
  let requests: RequestCounters | null = null;
  let end: ProcessEnd | null = null;
  void process.ended.then((result) => {
    end = result;
  });

  const dispose = async () => {
    counters?.[Symbol.dispose]();
    requests?.[Symbol.dispose]();
    await unmount(mountpoint);
    // Without its mount a daemon ends by itself.
    await Promise.race([process.ended, sleep(patienceMs, undefined, { ref: false })]);
    await process.terminate();
  };

  try {
    counters = attachCounters(process.pid, set, "tree");
    process.resume();
    const deadlineMs = performance.now() + patienceMs;
    while (mountAt(mountpoint) === null) {
      signal.throwIfAborted();
      const ended = end as ProcessEnd | null;
      if (ended !== null && (ended.exitCode !== 0 || performance.now() > deadlineMs))
        throw notMounted(backend, howItEnded(ended));
      if (performance.now() > deadlineMs)
        throw notMounted(backend, `nothing appeared at ${mountpoint} within ${patienceMs / 1000} s`);
      await sleep(5);
    }
    await untilQuiet(counters, set);
    if (mountAt(mountpoint) === null) {
      const ended = await Promise.race([process.ended, sleep(patienceMs, null, { ref: false })]);
      throw notMounted(backend, ended === null ? `the mount at ${mountpoint} has gone again` : howItEnded(ended));
    }
    const connection = connectionAt(mountpoint);
    requests = connection === null ? null : countRequests(connection, set);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    path: mountpoint,
    daemon: { counters, requests, processes: () => processTree(process.pid).map(({ pid }) => pid) },
    daemonEnd: () => (end === null || (end.exitCode === 0 && mountAt(mountpoint) !== null) ? null : howItEnded(end)),
    [Symbol.asyncDispose]: dispose,
  };
}
