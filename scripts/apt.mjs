// apt-get(8) where another apt may be at work. Plain JavaScript without packages: it runs before there are any.
import { spawnSync } from "node:child_process";

/** Another apt may install for minutes; one that takes longer hangs. */
const LIMIT_MS = 20 * 60_000;
const PAUSE_MS = 1000;

/**
 * The words of apt and dpkg where another process holds a lock: of the lists, of the archives, of dpkg's frontend, or dpkg's own.
 * apt's option DPkg::Lock::Timeout would wait for dpkg's frontend alone.
 */
const LOCKED = /Could not get lock|was locked by another process/;

/**
 * Runs apt-get, and runs it again for as long as another process holds a lock of apt's.
 *
 * @param {readonly string[]} words
 * @param {(line: string) => void} say called once, with the holder of the lock
 * @returns {{ status: number | null, stderr: string, error?: Error }} of the last run
 */
export function aptGet(words, say) {
  // Its messages are read, so they must be in English.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
  const deadline = Date.now() + LIMIT_MS;
  for (let tries = 0; ; tries++) {
    const { status, stderr, error } = spawnSync("apt-get", words, { env, stdio: ["ignore", 2, "pipe"], encoding: "utf8" });
    const isLocked = status !== 0 && LOCKED.test(stderr ?? "");
    if (!isLocked || Date.now() > deadline) return { status, stderr: stderr ?? "", error };
    if (tries === 0) say(`waiting for another apt to end: ${stderr.split("\n").find((line) => LOCKED.test(line))}`);
    // Sleeps without a promise: every step of the set-up is synchronous.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}
