import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FusemeterError } from "../../errors.js";
import { abortConnection } from "../../linux/mounts/abort.js";
import type { CacheState } from "../../results/index.js";

import type { Backend } from "../backends/backend.js";
import { serve } from "../backends/served-mount.js";
import { testFileName } from "../files/test-file.js";
import type { Workspace } from "../files/workspace.js";
import { startStopped } from "../processes/stopped-process.js";

/** A shell that opens and closes a file so many times. It is a process of its own, because an open may hang. */
const OPEN_AND_CLOSE = 'i=0; while [ "$i" -lt "$2" ]; do : < "$1" || exit 1; i=$((i + 1)); done';

const opens = 200;
const limitMs = 30_000;

/** The number is settled once it has not changed for this time: RELEASE reaches a daemon after close(2) has returned. */
const settledMs = 100;

function openDescriptors(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0);
}

async function settled(pids: () => readonly number[]): Promise<number> {
  const deadlineMs = performance.now() + 2000;
  let count = openDescriptors(pids());
  let sinceMs = performance.now();
  while (performance.now() - sinceMs < settledMs && performance.now() < deadlineMs) {
    await sleep(10);
    const now = openDescriptors(pids());
    if (now !== count) sinceMs = performance.now();
    count = now;
  }
  return count;
}

/**
 * Counts the descriptors that a daemon keeps open after files were opened and closed through its mount, by /proc/PID/fd. The first
 * open is not counted: a daemon may keep one descriptor for each inode that it knows.
 *
 * @returns null where nothing is mounted, or no process of the daemon can be found
 * @throws {FusemeterError} `OPEN_FAILED` where the file can't be opened through the mount
 */
export async function countDescriptorsLeft(
  backend: Backend,
  workspace: Workspace,
  cache: CacheState,
  signal: AbortSignal,
): Promise<{ opens: number; left: number } | null> {
  await using mount = await serve(backend, workspace, "timed", signal);
  const { daemon } = mount;
  if (daemon === null || daemon.processes().length === 0) return null;
  const openTimes = async (times: number) => {
    const file = join(mount.path, testFileName(cache));
    await using child = await startStopped(["sh", "-c", OPEN_AND_CLOSE, "sh", file, String(times)], { signal });
    // A process that waits for a daemon dies only when the connection does.
    const watchdog = setTimeout(() => {
      abortConnection(workspace.mountpoint);
      void child.terminate();
    }, limitMs);
    child.resume();
    const { exitCode, stderr } = await child.ended;
    clearTimeout(watchdog);
    signal.throwIfAborted();
    if (exitCode === 0) return;
    throw new FusemeterError({
      code: "OPEN_FAILED",
      fault: "host",
      problem: `${backend.name}: a file could not be opened ${times} times`,
      reason: stderr || `it took more than ${limitMs / 1000} s`,
      backend: backend.name,
    });
  };
  await openTimes(1);
  const before = await settled(daemon.processes);
  await openTimes(opens);
  const after = await settled(daemon.processes);
  return { opens, left: after - before };
}
