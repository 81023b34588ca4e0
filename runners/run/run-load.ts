import { FusemeterError, messageOf } from "../../errors.js";
import { abortConnection } from "../../linux/mounts/abort.js";
import { connectionAt } from "../../linux/mounts/mountinfo.js";

import type { Backend } from "../backends/backend.js";
import type { ServedMount } from "../backends/served-mount.js";
import { figuresOfLoad } from "../counters/load-figures.js";
import { attachExact, type CounterSet, type ProcessCounters } from "../counters/process-counters.js";
import type { ProcessFigures } from "../counters/process-figures.js";
import type { LoadOutcome, RunnableLoad } from "../loads/runnable-load.js";
import { releaseOnHang } from "../processes/release-on-hang.js";

/** The setting of one run of a load on a mount. */
export interface LoadSetting {
  readonly load: RunnableLoad;
  readonly backend: Backend;
  readonly mount: ServedMount;
  readonly mountpoint: string;
  readonly counters: CounterSet;
  readonly signal: AbortSignal;
  readonly onFraction: (fraction: number) => void;
}

/** The outcome of a load, and the figures of its processes. */
export interface LoadRun {
  readonly outcome: LoadOutcome;
  readonly application: ProcessFigures;
}

/** A FUSE mount has pages of its own. In passthrough, and on other kinds of mounts (bind, overlay), they are the source's. */
function hasPages({ backend, mountpoint }: LoadSetting): boolean {
  return backend.command !== null && backend.kind !== "passthrough" && connectionAt(mountpoint) !== null;
}

/** A load that waits for a daemon switches at every operation, where even the counters of timed runs cost something. */
function waitsForDaemon({ backend, mount }: LoadSetting): boolean {
  return mount.daemon !== null && backend.kind !== "passthrough";
}

/**
 * Runs a load once with its counters attached. A load that keeps figures of its own gives those where counters would slow it.
 *
 * @throws {FusemeterError} `DAEMON_ENDED`, or the load's own error
 */
export async function runLoad(setting: LoadSetting): Promise<LoadRun> {
  const { load, mount, signal, onFraction } = setting;
  let counters: ProcessCounters | null = null;
  const attach = (pid: number) => {
    counters = attachExact(pid, setting.counters, load.counted);
  };
  const isLeftAlone = setting.counters === "timed" && waitsForDaemon(setting);
  await using _release = releaseOnHang(load.limitMs, signal, () => abortConnection(setting.mountpoint));
  try {
    const beforeExec = isLeftAlone ? () => {} : attach;
    const outcome = await load.run(mount.path, { signal, onFraction, beforeExec, hasPages: hasPages(setting) });
    return { outcome, application: (counters as ProcessCounters | null)?.read() ?? figuresOfLoad(outcome.ownFigures) };
  } catch (cause) {
    signal.throwIfAborted();
    throw explained(cause, setting);
  } finally {
    (counters as ProcessCounters | null)?.[Symbol.dispose]();
  }
}

/** The error of a load. Where the daemon ended, that is the cause. */
function explained(cause: unknown, { backend: { name }, mount }: LoadSetting): unknown {
  const end = mount.daemonEnd();
  if (end === null) return cause;
  return new FusemeterError({
    code: "DAEMON_ENDED",
    fault: "host",
    problem: `the daemon of ${name} ended under load (${end})`,
    reason: messageOf(cause),
    backend: name,
    cause,
  });
}
