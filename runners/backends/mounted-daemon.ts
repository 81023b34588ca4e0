import { mountAt } from "../../linux/mounts/mountinfo.js";
import { unmount } from "../../linux/mounts/unmount.js";
import { type Patience, waitWhileAtWork } from "../processes/patience.js";
import { type ProcessEnd, startStopped } from "../processes/stopped-process.js";
import { describeEnd, TO_END, untilMounted } from "./until-mounted.js";

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
  /** A daemon that did nothing for this long has started. */
  readonly quietMs: number;
  readonly signal: AbortSignal;
  readonly patience?: Patience | undefined;
}

/**
 * Starts a daemon and waits until it has mounted and has finished starting. The command may serve in the foreground or go to the background.
 *
 * @throws {FusemeterError} `NOT_MOUNTED` with the daemon's own words
 */
export async function mountDaemon<Counters extends Disposable | null>(
  setting: MountSetting<Counters>,
): Promise<MountedDaemon<Counters>> {
  const { name, argv, mountpoint, attach, signal, quietMs, patience } = setting;
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
  await untilMounted(process, { name, mountpoint, quietMs, patience, signal });
  isServing = true;
  return {
    counters,
    processes: process.processes,
    end: () => (end === null || (end.exitCode === 0 && mountAt(mountpoint) !== null) ? null : describeEnd(end)),
    async [Symbol.asyncDispose]() {
      await unmount(mountpoint);
      // Without its mount a daemon ends by itself.
      await waitWhileAtWork(process.processes, () => end !== null, TO_END);
      counters?.[Symbol.dispose]();
      await giveUp();
    },
  };
}
