import { connectionAt } from "../../linux/mounts/mountinfo.js";
import { attachCounters, type CounterSet, type ProcessCounters } from "../counters/process-counters.js";
import { countRequests, type RequestCounters } from "../counters/request-counters.js";
import type { Workspace } from "../files/workspace.js";
import type { Patience } from "../processes/patience.js";
import { argvOf, type Backend } from "./backend.js";
import { mountDaemon } from "./mounted-daemon.js";

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
  const { source, mountpoint } = workspace;
  const daemon = await mountDaemon({
    name: backend.name,
    argv: argvOf(backend, source, mountpoint),
    mountpoint,
    attach: (pid) => attachCounters(pid, set, "tree"),
    quietMs: QUIET_MS[set],
    signal,
    patience,
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
