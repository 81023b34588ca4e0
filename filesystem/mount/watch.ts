import { FusemeterError } from "../../errors.js";
import { errnoName } from "../../linux/libc/errno.js";
import { wakeUp } from "../../linux/libc/eventfd.js";
import { watchFilesystem } from "../../linux/libc/fanotify.js";
import { mountsBelow } from "../../linux/mounts/mountinfo.js";
import { INC_EPOCH_MINOR } from "../protocol/notify.js";
import { acquire } from "../threads/pool.js";
import type { WatcherData } from "../threads/watcher.js";

/**
 * Watches the filesystem that the source is on, before the mount can cache anything of it.
 *
 * @param minor of the ABI: with INC_EPOCH an overflow of the queue can be made good, without it the queue has no limit
 * @returns a descriptor of fanotify(7)
 * @throws FusemeterError if it can't be watched
 */
export function openWatch(source: string, handleRoot: number, minor: number): number {
  // The source's own filesystem does not tell their changes.
  const inner = mountsBelow(source).filter((mountpoint) => mountpoint !== source);
  if (inner.length > 0) throw cannot(`another filesystem is mounted in the source (${inner[0]})`);
  if (handleRoot < 0) throw cannot("the source's filesystem has no file handles, or this user may not open files by them");
  const fd = watchFilesystem(source, minor < INC_EPOCH_MINOR);
  if (fd < 0) throw cannot(errnoName(-fd));
  return fd;
}

function cannot(reason: string): FusemeterError {
  return new FusemeterError({
    code: "NO_WATCH",
    fault: "host",
    problem: "the source can't be watched",
    reason,
    remedy: "leave watching out, or use CAP_SYS_ADMIN, Linux 5.17 and a source of one filesystem such as ext4, XFS or tmpfs",
  });
}

/** A running watcher. */
export interface Watcher {
  /** Settles when it has ended; rejects where it failed. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** Starts the thread that turns changes of the source into notifications, and waits until it watches. */
export async function startWatcher(data: WatcherData): Promise<Watcher> {
  const { ready, done } = acquire("watcher", data);
  await ready;
  return { ended: done, stop: () => wakeUp(data.wake) };
}
