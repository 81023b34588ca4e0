import { FusemeterError } from "../../errors.js";
import { mountAt } from "../../linux/mounts/mountinfo.js";
import { unmount } from "../../linux/mounts/unmount.js";
import { type Patience, waitWhileAtWork } from "../processes/patience.js";
import { type ProcessEnd, startStopped } from "../processes/stopped-process.js";

/** For a daemon to mount. */
const TO_MOUNT: Patience = { idleMs: 15_000, limitMs: 120_000 };

/** For a daemon to end once its mount is gone. */
const TO_END: Patience = { idleMs: 5000, limitMs: 15_000 };

/** A daemon whose mount is there. Disposing unmounts, and ends the daemon and its counters. */
export interface MountedDaemon<Counters extends Disposable | null> extends AsyncDisposable {
  readonly counters: Counters;
  /** The pids of the command and its descendants; none where it went to the background. */
  processes(): number[];
  /** The end of the daemon in one line, once it has ended; null while it serves. */
  end(): string | null;
}

export interface MountSetting<Counters> {
  /** The backend's name in errors. */
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly mountpoint: string;
  /** Called when the process exists but has not yet become the command: the moment to attach counters to its pid. */
  readonly attach: (pid: number) => Counters;
  /** Waits until a daemon whose mount is there has finished starting. @param processes its pids */
  readonly untilStarted: (processes: readonly number[]) => Promise<void>;
  readonly signal: AbortSignal;
  readonly patience?: Patience;
}

function howItEnded(end: ProcessEnd): string {
  const words = end.stderr.trim().split("\n").at(-1);
  return `${end.signal === null ? `exit ${end.exitCode}` : end.signal}${words ? `: ${words}` : ""}`;
}

function notMounted(name: string, reason: string): FusemeterError {
  return new FusemeterError({ code: "NOT_MOUNTED", fault: "host", problem: `${name} did not mount`, reason, backend: name });
}

/**
 * Starts a daemon and waits for its mount. The command may serve in the foreground or go to the background.
 *
 * @throws {FusemeterError} `NOT_MOUNTED` with the daemon's own words
 */
export async function mountDaemon<Counters extends Disposable | null>(
  setting: MountSetting<Counters>,
): Promise<MountedDaemon<Counters>> {
  const { name, argv, mountpoint, attach, untilStarted, signal, patience = TO_MOUNT } = setting;
  // A dead mount of an earlier daemon answers every call with ENOTCONN.
  await unmount(mountpoint);
  const process = await startStopped(argv);
  let end: ProcessEnd | null = null;
  void process.ended.then((result) => {
    end = result;
  });

  const giveUp = async () => {
    await process.terminate();
    // A daemon that was late may have mounted meanwhile. None is left that could do so again.
    await unmount(mountpoint);
  };
  let isServing = false;
  await using _unlessServing = { [Symbol.asyncDispose]: async () => (isServing ? undefined : giveUp()) };
  const counters = attach(process.pid);
  using _counters = { [Symbol.dispose]: () => (isServing ? undefined : counters?.[Symbol.dispose]()) };
  process.resume();
  const isMounted = () => mountAt(mountpoint) !== null;
  const hasFailed = () => end !== null && end.exitCode !== 0;
  const givenUp = await waitWhileAtWork(process.processes, () => isMounted() || hasFailed(), patience, signal);
  const failure = (reason: string) => {
    const ended = end as ProcessEnd | null;
    return notMounted(name, ended === null ? reason : howItEnded(ended));
  };
  if (!isMounted()) throw failure(`nothing appeared at ${mountpoint}: ${givenUp}`);
  await untilStarted(process.processes());
  if (!isMounted()) {
    await waitWhileAtWork(process.processes, () => end !== null, TO_END);
    throw failure(`the mount at ${mountpoint} has gone again`);
  }
  isServing = true;
  return {
    counters,
    processes: process.processes,
    end: () => (end === null || (end.exitCode === 0 && isMounted()) ? null : howItEnded(end)),
    async [Symbol.asyncDispose]() {
      await unmount(mountpoint);
      // Without its mount a daemon ends by itself.
      await waitWhileAtWork(process.processes, () => end !== null, TO_END);
      counters?.[Symbol.dispose]();
      await giveUp();
    },
  };
}
