import { openSync, readSync } from "node:fs";
import { close } from "../../../linux/libc/files.js";
import { processCpuNs } from "../../../linux/proc/process-clock.js";
import type { JobContender } from "./protocol.js";

/** A daemon that does nothing for this long is idle, where no file tells. */
const STILL_MS = 1;

const pauseCell = new Int32Array(new SharedArrayBuffer(4));

/** Sleeps, so that a daemon on the same core can go on. */
export function pause(ms: number): void {
  Atomics.wait(pauseCell, 0, 0, ms);
}

/** A watch for requests under way. */
export interface IdleWatch {
  /** True where nothing is under way. It may sleep for some ms. */
  isIdle(): boolean;
  close(): void;
}

/** True where a text holds no digit but 0. */
function isAllZero(bytes: Buffer, length: number): boolean {
  for (let index = 0; index < length; index++) {
    const byte = bytes[index]!;
    if (byte > 0x30 && byte <= 0x39) return false;
  }
  return true;
}

/** A file of sysfs or fusectl with numbers, which is read again and again. */
function zerosIn(path: string): IdleWatch {
  const fd = openSync(path, "r");
  const buffer = Buffer.alloc(128);
  return {
    isIdle: () => isAllZero(buffer, readSync(fd, buffer, 0, buffer.length, 0)),
    close: () => void close(fd),
  };
}

/** The CPU time of processes, which stands still while they wait. */
function stillness(pids: readonly number[]): IdleWatch {
  const sum = () => pids.reduce((total, pid) => total + (processCpuNs(pid) ?? 0), 0);
  return {
    isIdle() {
      const before = sum();
      pause(STILL_MS);
      return sum() === before;
    },
    close() {},
  };
}

/**
 * Watches for requests of a contender.
 *
 * @throws where a file of its list can't be opened
 */
export function watchIdle({ inFlight, idlesByCpu, pids }: JobContender): IdleWatch {
  const watches = [...inFlight.map(zerosIn), ...(idlesByCpu ? [stillness(pids)] : [])];
  return {
    isIdle: () => watches.every((watch) => watch.isIdle()),
    close() {
      for (const watch of watches) watch.close();
    },
  };
}
