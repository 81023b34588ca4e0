import { setTimeout as sleep } from "node:timers/promises";
import { FusemeterError } from "../../errors.js";
import { connectionAt, mountAt, unmount } from "../../linux/mounts/mountinfo.js";
import { attachCounters, type CounterSet, type ProcessCounters } from "../counters/process-counters.js";
import { countRequests, type RequestCounters } from "../counters/request-counters.js";
import type { Workspace } from "../files/workspace.js";
import { activityOf } from "../processes/activity.js";
import { type Patience, waitWhileAtWork } from "../processes/patience.js";
import { type ProcessEnd, startStopped } from "../processes/stopped-process.js";
import { argvOf, type Backend } from "./backend.js";

/** For a daemon to mount. */
const TO_MOUNT: Patience = { idleMs: 15_000, limitMs: 120_000 };

/** For a daemon to end once its mount is gone. */
const TO_END: Patience = { idleMs: 5000, limitMs: 15_000 };

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

/** A daemon that did nothing for this long is taken as started; after the limit it is taken so anyway. */
const quietMs: Readonly<Record<CounterSet, number>> = { timed: 20, counted: 100 };
const startUpMs = 5000;

/**
 * Waits until a daemon whose mount is there has also finished starting (threads, a runtime's own compiling): its late start-up
 * work would count as the load's. A daemon that waits for a CPU on a busy host has not finished.
 */
async function untilQuiet(processes: readonly number[], set: CounterSet): Promise<void> {
  const pollMs = 10;
  const deadlineMs = performance.now() + startUpMs;
  let { cpuNs } = activityOf(processes);
  let sinceMs = performance.now();
  while (performance.now() - sinceMs < quietMs[set] && performance.now() < deadlineMs) {
    await sleep(pollMs);
    const now = activityOf(processes);
    if (now.isBusy || now.cpuNs !== cpuNs) sinceMs = performance.now();
    cpuNs = now.cpuNs;
  }
}

function howItEnded(end: ProcessEnd): string {
  const words = end.stderr.trim().split("\n").at(-1);
  return `${end.signal === null ? `exit ${end.exitCode}` : end.signal}${words ? `: ${words}` : ""}`;
}

function notMounted({ name }: Backend, reason: string): FusemeterError {
  return new FusemeterError({ code: "NOT_MOUNTED", fault: "host", problem: `${name} did not mount`, reason, backend: name });
}

/**
 * Mounts a backend afresh, with the daemon's counters attached before its first instruction. A command may serve in the
 * foreground or go to the background: what counts is that the mount appears, and all that the command starts is counted.
 *
 * @throws {FusemeterError} `NOT_MOUNTED` with the daemon's own words
 */
export async function serve(
  backend: Backend,
  workspace: Pick<Workspace, "source" | "mountpoint">,
  set: CounterSet,
  signal: AbortSignal,
  patience = TO_MOUNT,
): Promise<ServedMount> {
  if (backend.command === null) {
    return { path: workspace.source, daemon: null, daemonEnd: () => null, async [Symbol.asyncDispose]() {} };
  }
  const { mountpoint } = workspace;
  // A dead mount of an earlier daemon answers every call with ENOTCONN.
  await unmount(mountpoint);
  const process = await startStopped(argvOf(backend, workspace.source, mountpoint));
  let counters: ProcessCounters | null = null;
  let requests: RequestCounters | null = null;
  let end: ProcessEnd | null = null;
  void process.ended.then((result) => {
    end = result;
  });

  const giveUp = async () => {
    counters?.[Symbol.dispose]();
    requests?.[Symbol.dispose]();
    await process.terminate();
    // A daemon that was late may have mounted meanwhile. None is left that could do so again.
    await unmount(mountpoint);
  };
  const dispose = async () => {
    await unmount(mountpoint);
    // Without its mount a daemon ends by itself.
    await waitWhileAtWork(process.processes, () => end !== null, TO_END);
    await giveUp();
  };

  let isServing = false;
  await using _unlessServing = { [Symbol.asyncDispose]: async () => (isServing ? undefined : giveUp()) };
  counters = attachCounters(process.pid, set, "tree");
  process.resume();
  const isMounted = () => mountAt(mountpoint) !== null;
  const hasFailed = () => end !== null && end.exitCode !== 0;
  const givenUp = await waitWhileAtWork(process.processes, () => isMounted() || hasFailed(), patience, signal);
  if (!isMounted()) {
    const ended = end as ProcessEnd | null;
    throw notMounted(backend, ended === null ? `nothing appeared at ${mountpoint}: ${givenUp}` : howItEnded(ended));
  }
  await untilQuiet(process.processes(), set);
  const connection = connectionAt(mountpoint);
  requests = connection === null ? null : countRequests(connection, set);
  isServing = true;
  return {
    path: mountpoint,
    daemon: { counters, requests, processes: process.processes },
    daemonEnd: () => (end === null || (end.exitCode === 0 && mountAt(mountpoint) !== null) ? null : howItEnded(end)),
    [Symbol.asyncDispose]: dispose,
  };
}
