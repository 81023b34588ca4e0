import { Errno } from "../../linux/libc/errno.js";
import { close, dup } from "../../linux/libc/files.js";
import { Flock, flock, LockType } from "../../linux/libc/locks.js";
import { FUSE_LK_FLOCK, InterruptIn, LkIn } from "../protocol/locks.js";
import { NO_REPLY, type Reply, type Request } from "../protocol/message.js";
import type { Context } from "../serving/context.js";
import { defer } from "../serving/deferral.js";
import { fileOf } from "../serving/node.js";

/** The operation of flock(2) that a lock's type stands for, without waiting. */
export function flockOperation(type: number): number {
  if (type === LockType.UNLCK) return Flock.UN;
  return (type === LockType.RDLCK ? Flock.SH : Flock.EX) | Flock.NB;
}

/** SETLK. A whole-file lock belongs to the open file, which is here; POSIX locks belong to owners, whom the waiter knows. */
export function setLock(request: Request, reply: Reply, context: Context): number {
  const { args } = request;
  if ((args[LkIn.lkFlags]! & FUSE_LK_FLOCK) === 0) return defer(request, reply, context);
  return flock(fileOf(context, args, LkIn.fh), flockOperation(args[LkIn.type]!));
}

/** SETLKW: waits, if at all, in the waiter. */
export function setLockWaiting(request: Request, reply: Reply, context: Context): number {
  const { args } = request;
  if ((args[LkIn.lkFlags]! & FUSE_LK_FLOCK) !== 0) {
    const done = flock(fileOf(context, args, LkIn.fh), flockOperation(args[LkIn.type]!));
    if (done !== -Errno.EAGAIN) return done;
  }
  return defer(request, reply, context);
}

/** Closing a duplicate reports what close(2) would: the errors of a network filesystem. */
export function reportWriteErrors(fd: number): number {
  const copy = dup(fd);
  return copy < 0 ? copy : close(copy);
}

/** Only a lock that is waited for can be interrupted: everything else is under way in the kernel or done. */
export function interrupt(request: Request, _reply: Reply, context: Context): number {
  context.waiter.postMessage({
    interrupted: [request.args[InterruptIn.unique]!, request.args[InterruptIn.unique + 1]!] as const,
  });
  return NO_REPLY;
}
