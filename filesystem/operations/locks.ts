import { Errno } from "../../linux/libc/errno.js";
import { Flock, flock, LockType, type RangeLock } from "../../linux/libc/locks.js";
import { InHeader } from "../protocol/header.js";
import { FUSE_LK_FLOCK, InterruptIn, LkIn, LkOut } from "../protocol/locks.js";
import { NO_REPLY, type Reply, type Request } from "../protocol/message.js";
import type { Context } from "../serving/context.js";
import { type DeferredMessage, defer, type PendingRequest } from "../serving/deferral.js";
import { fileOf } from "../serving/node.js";
import type { LockOwners } from "../tables/lock-owners.js";
import type { Deferred } from "./deferred.js";
import type { Operations } from "./handler.js";

/** The operation of flock(2) that a lock's type stands for, without waiting. */
function flockOperation(type: number): number {
  if (type === LockType.UNLCK) return Flock.UN;
  return (type === LockType.RDLCK ? Flock.SH : Flock.EX) | Flock.NB;
}

function isFlock(args: Uint32Array): boolean {
  return (args[LkIn.lkFlags]! & FUSE_LK_FLOCK) !== 0;
}

/** SETLK. A whole-file lock belongs to the open file; POSIX locks belong to lock owners, which only the deferred thread tracks. */
function setLock(request: Request, reply: Reply, context: Context): number {
  const { args } = request;
  if (!isFlock(args)) return defer(request, reply, context);
  return flock(fileOf(context, args, LkIn.fh), flockOperation(args[LkIn.type]!));
}

/** SETLKW: only the deferred thread waits. */
function setLockWaiting(request: Request, reply: Reply, context: Context): number {
  const { args } = request;
  if (isFlock(args)) {
    const done = flock(fileOf(context, args, LkIn.fh), flockOperation(args[LkIn.type]!));
    if (done !== -Errno.EAGAIN) return done;
  }
  return defer(request, reply, context);
}

/** Only a lock that is waited for can be interrupted: everything else is under way in the kernel or done. */
function interrupt(request: Request, _reply: Reply, context: Context): number {
  const unique = [request.args[InterruptIn.unique]!, request.args[InterruptIn.unique + 1]!] as const;
  context.deferred.postMessage({ interrupted: unique } satisfies DeferredMessage);
  return NO_REPLY;
}

/** The name of a lock owner, whose 64-bit id begins at a word. */
export function ownerOf(args: Uint32Array, at: number): string {
  return `${args[at]} ${args[at + 1]}`;
}

function rangeOf(args: Uint32Array): RangeLock {
  const u64 = (at: number) => (BigInt(args[at + 1]!) << 32n) | BigInt(args[at]!);
  return { type: args[LkIn.type]!, start: u64(LkIn.start), end: u64(LkIn.end) };
}

/** Sets or clears a deferred request's lock without waiting: 0, or -errno (EAGAIN: somebody else has it). */
export function tryLock({ header, args }: PendingRequest, context: Context, owners: LockOwners): number {
  const fd = fileOf(context, args, LkIn.fh);
  if (isFlock(args)) return flock(fd, flockOperation(args[LkIn.type]!));
  return owners.set(header[InHeader.nodeid]!, fd, ownerOf(args, LkIn.owner), args[LkIn.pid]!, rangeOf(args));
}

function setDeferredLock(request: PendingRequest, deferred: Deferred, waits: boolean): void {
  const done = tryLock(request, deferred.context, deferred.owners);
  if (done === -Errno.EAGAIN && waits) {
    deferred.waitingLocks.add(request);
    return;
  }
  deferred.answer(request, done);
  if (request.args[LkIn.type] === LockType.UNLCK) deferred.waitingLocks.retry();
}

function getLock(request: PendingRequest, { owners, body, answer }: Deferred): void {
  const { header, args } = request;
  const found = owners.get(header[InHeader.nodeid]!, ownerOf(args, LkIn.owner), args[LkIn.pid]!, rangeOf(args));
  if (typeof found === "number") {
    answer(request, found);
    return;
  }
  body.writeBigUInt64LE(found.start, LkOut.start * 4);
  body.writeBigUInt64LE(found.end, LkOut.end * 4);
  body.writeUInt32LE(found.type, LkOut.type * 4);
  body.writeUInt32LE(found.pid, LkOut.pid * 4);
  answer(request, LkOut.bytes);
}

export const lockOperations: Operations = {
  GETLK: { argsBytes: LkIn.bytes, handle: defer, deferred: getLock },
  SETLK: {
    argsBytes: LkIn.bytes,
    handle: setLock,
    deferred: (request, deferred) => setDeferredLock(request, deferred, false),
  },
  SETLKW: {
    argsBytes: LkIn.bytes,
    handle: setLockWaiting,
    deferred: (request, deferred) => setDeferredLock(request, deferred, true),
  },
  INTERRUPT: { argsBytes: InterruptIn.bytes, handle: interrupt },
};
