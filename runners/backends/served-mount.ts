import { connectionAt, mountAt } from "../../linux/mounts/mountinfo.js";
import { unmount } from "../../linux/mounts/unmount.js";
import { attachCounters, type CounterSet, type ProcessCounters } from "../counters/process-counters.js";
import { countRequests, type RequestCounters } from "../counters/request-counters.js";
import type { Workspace } from "../files/workspace.js";
import { type Patience, waitWhileAtWork } from "../processes/patience.js";
import { type ProcessEnd, startStopped } from "../processes/stopped-process.js";
import { argvOf, type Backend } from "./backend.js";
import { describeEnd, TO_END, untilMounted } from "./until-mounted.js";

/** A backend that is ready for a load. Disposing unmounts it and ends its daemon. */
export interface ServedMount extends AsyncDisposable {
  /** The source tree for the load. */
  readonly path: string;
  /** Null where no daemon serves: the native backend. */
  readonly daemon: {
    readonly counters: ProcessCounters;
    readonly requests: RequestCounters | null;
    /** The pids of the command and what descends from it, in the background too. */
    processes(): number[];
  } | null;
  /** The end of the daemon in one line; null while it serves. */
  daemonEnd(): string | null;
}

/** Counted runs see every call of a daemon that starts late, timed runs its CPU time alone. */
const QUIET_MS: Readonly<Record<CounterSet, number>> = { timed: 20, counted: 100 };

/**
 * Mounts a backend afresh, with the daemon's counters attached before its first instruction. A command may serve in the
 * foreground or go to the background: the mount must appear, and every process that the command starts is counted.
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
  await untilMounted(process, { name: backend.name, mountpoint, quietMs: QUIET_MS[set], patience, signal });
  const connection = connectionAt(mountpoint);
  requests = connection === null ? null : countRequests(connection, set);
  isServing = true;
  return {
    path: mountpoint,
    daemon: { counters, requests, processes: process.processes },
    daemonEnd: () => (end === null || (end.exitCode === 0 && mountAt(mountpoint) !== null) ? null : describeEnd(end)),
    [Symbol.asyncDispose]: dispose,
  };
}
