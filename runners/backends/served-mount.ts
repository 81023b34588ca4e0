import { setTimeout as sleep } from "node:timers/promises";
import { connectionAt } from "../../linux/mounts/mountinfo.js";
import { attachCounters, type CounterSet, type ProcessCounters } from "../counters/process-counters.js";
import { countRequests, type RequestCounters } from "../counters/request-counters.js";
import type { Workspace } from "../files/workspace.js";
import { activityOf } from "../processes/activity.js";
import type { Patience } from "../processes/patience.js";
import { argvOf, type Backend } from "./backend.js";
import { mountDaemon } from "./mounted-daemon.js";

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
  patience?: Patience,
): Promise<ServedMount> {
  if (backend.command === null) {
    return { path: workspace.source, daemon: null, daemonEnd: () => null, async [Symbol.asyncDispose]() {} };
  }
  const { source, mountpoint } = workspace;
  const daemon = await mountDaemon({
    name: backend.name,
    argv: argvOf(backend, source, mountpoint),
    mountpoint,
    attach: (pid) => attachCounters(pid, set, "tree"),
    untilStarted: (processes) => untilQuiet(processes, set),
    signal,
    ...(patience === undefined ? {} : { patience }),
  });
  let isServing = false;
  await using _unlessServing = { [Symbol.asyncDispose]: async () => (isServing ? undefined : daemon[Symbol.asyncDispose]()) };
  const connection = connectionAt(mountpoint);
  const requests = connection === null ? null : countRequests(connection, set);
  isServing = true;
  const { counters, processes } = daemon;
  return {
    path: mountpoint,
    daemon: { counters, requests, processes },
    daemonEnd: daemon.end,
    async [Symbol.asyncDispose]() {
      requests?.[Symbol.dispose]();
      await daemon[Symbol.asyncDispose]();
    },
  };
}
