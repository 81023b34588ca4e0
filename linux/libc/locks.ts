import { fcntl } from "./fcntl.js";
import { bind } from "./libc.js";
import type { Memory } from "./memory.js";

/** `int flock(int fd, int operation)` */
export const flock = bind("int flock(int, int)");
/** `operation` of flock(2). */
export const Flock = { SH: 1, EX: 2, NB: 4, UN: 8 } as const;

/** `l_type` of fcntl(2), which FUSE uses too. */
export const LockType = { RDLCK: 0, WRLCK: 1, UNLCK: 2 } as const;

/** Commands of locks that belong to an open file description (linux/fcntl.h). */
const F_OFD_GETLK = 36;
const F_OFD_SETLK = 37;

/** The largest 64-bit file offset: OFFSET_MAX. */
const OFFSET_MAX = (1n << 63n) - 1n;

/** A range of a file, both ends included, and the type of lock on it. */
export interface RangeLock {
  readonly type: number;
  readonly start: bigint;
  readonly end: bigint;
}

/** struct flock: s16 l_type 0, s16 l_whence 2, s64 l_start 8, s64 l_len 16 (0: to the end), s32 l_pid 24 (0 for these). */
function encode(memory: Memory, lock: RangeLock): void {
  memory.bytes.fill(0, 0, 32);
  memory.bytes.writeInt16LE(lock.type, 0);
  memory.bytes.writeBigInt64LE(lock.start, 8);
  memory.bytes.writeBigInt64LE(lock.end >= OFFSET_MAX ? 0n : lock.end - lock.start + 1n, 16);
}

/** Sets or clears a lock, without waiting: 0, or -errno (EAGAIN: somebody else has it). @param memory of 32 bytes */
export function setLock(fd: number, lock: RangeLock, memory: Memory): number {
  encode(memory, lock);
  return fcntl(fd, F_OFD_SETLK, memory.address);
}

/** The first lock that is in the way of this one, of type UNLCK if there is none; or -errno. @param memory of 32 bytes */
export function getLock(fd: number, lock: RangeLock, memory: Memory): RangeLock | number {
  encode(memory, lock);
  const done = fcntl(fd, F_OFD_GETLK, memory.address);
  if (done < 0) return done;
  const start = memory.bytes.readBigInt64LE(8);
  const length = memory.bytes.readBigInt64LE(16);
  return { type: memory.bytes.readInt16LE(0), start, end: length === 0n ? OFFSET_MAX : start + length - 1n };
}
