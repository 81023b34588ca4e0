import { setTimeout as sleep } from "node:timers/promises";
import { FusemeterError } from "../../errors.js";
import { mountAt } from "../../linux/mounts/mountinfo.js";
import { activityOf } from "../processes/activity.js";
import { type Patience, waitWhileAtWork } from "../processes/patience.js";
import type { ProcessEnd, StoppedProcess } from "../processes/stopped-process.js";

/** For a daemon to mount. */
const TO_MOUNT: Patience = { idleMs: 15_000, limitMs: 120_000 };

/** For a daemon to end once its mount is gone. */
export const TO_END: Patience = { idleMs: 5000, limitMs: 15_000 };

/** A daemon that is at work for longer than this after its mount appeared is taken as started. */
const START_UP_MS = 5000;

/** The end of a daemon in one line, for instance `exit 3: …`. */
export function describeEnd(end: ProcessEnd): string {
  const words = end.stderr.trim().split("\n").at(-1);
  return `${end.signal === null ? `exit ${end.exitCode}` : end.signal}${words ? `: ${words}` : ""}`;
}

interface MountWait {
  /** The backend's name, for the error. */
  readonly name: string;
  readonly mountpoint: string;
  /** A daemon that did nothing for this long has started: its threads, a runtime's own compiling. */
  readonly quietMs: number;
  readonly patience?: Patience | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Waits until a daemon that may now run its command has mounted and has finished starting: its late start-up work would count as
 * the load's. A daemon that waits for a CPU on a busy host has not finished.
 *
 * @throws {FusemeterError} `NOT_MOUNTED` with the daemon's own words
 */
export async function untilMounted(daemon: StoppedProcess, wait: MountWait): Promise<void> {
  const { name, mountpoint, quietMs, patience = TO_MOUNT, signal } = wait;
  let end: ProcessEnd | null = null;
  void daemon.ended.then((result) => {
    end = result;
  });
  const notMounted = (reason: string | null) => {
    const words = end === null ? reason : describeEnd(end);
    return new FusemeterError({
      code: "NOT_MOUNTED",
      fault: "host",
      problem: `${name} did not mount`,
      reason: words,
      backend: name,
    });
  };
  const isMounted = () => mountAt(mountpoint) !== null;
  const hasFailed = () => end !== null && end.exitCode !== 0;
  const givenUp = await waitWhileAtWork(daemon.processes, () => isMounted() || hasFailed(), patience, signal);
  if (!isMounted()) throw notMounted(`nothing appeared at ${mountpoint}: ${givenUp}`);
  await untilQuiet(daemon.processes(), quietMs);
  if (isMounted()) return;
  await waitWhileAtWork(daemon.processes, () => end !== null, TO_END, signal);
  throw notMounted(`the mount at ${mountpoint} has gone again`);
}

async function untilQuiet(processes: readonly number[], quietMs: number): Promise<void> {
  const pollMs = 10;
  const deadlineMs = performance.now() + START_UP_MS;
  let { cpuNs } = activityOf(processes);
  let sinceMs = performance.now();
  while (performance.now() - sinceMs < quietMs && performance.now() < deadlineMs) {
    await sleep(pollMs);
    const now = activityOf(processes);
    if (now.isBusy || now.cpuNs !== cpuNs) sinceMs = performance.now();
    cpuNs = now.cpuNs;
  }
}
