import { setTimeout as sleep } from "node:timers/promises";
import { activityOf } from "./activity.js";

/** The wait for processes that may take long on a busy host, or hang. */
export interface Patience {
  /** Given up after this long without any work of theirs. */
  readonly idleMs: number;
  /** Given up after this long in any case. */
  readonly limitMs: number;
}

/** Reading the processes of a start costs some ms. */
const LOOK_MS = 100;

/**
 * Waits while processes are at work: use CPU time, wait for a CPU, or wait for a disk.
 *
 * @param processes the pids; asked again and again, since children come and go
 * @param isDone asked every 5 ms
 * @throws the signal's reason when aborted
 * @returns null once it is done; the reason in one line where it was given up
 */
export async function waitWhileAtWork(
  processes: () => readonly number[],
  isDone: () => boolean,
  { idleMs, limitMs }: Patience,
  signal?: AbortSignal,
): Promise<string | null> {
  const startedMs = performance.now();
  let workedMs = startedMs;
  let lookedMs = startedMs;
  let cpuNs = activityOf(processes()).cpuNs;
  while (!isDone()) {
    signal?.throwIfAborted();
    await sleep(5);
    const nowMs = performance.now();
    if (nowMs - lookedMs < LOOK_MS) continue;
    const activity = activityOf(processes());
    if (activity.isBusy || activity.cpuNs !== cpuNs) workedMs = nowMs;
    cpuNs = activity.cpuNs;
    lookedMs = nowMs;
    if (nowMs - workedMs > idleMs) return `its processes did nothing for ${idleMs / 1000} s`;
    if (nowMs - startedMs > limitMs) return `it took longer than ${limitMs / 1000} s`;
  }
  return null;
}
