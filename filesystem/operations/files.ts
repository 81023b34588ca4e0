import { statxOf } from "../../linux/libc/attributes.js";
import { Errno } from "../../linux/libc/errno.js";
import { close, dup, openat } from "../../linux/libc/files.js";
import { Mode, Open } from "../../linux/libc/flags.js";
import { Flock, flock } from "../../linux/libc/locks.js";
import { changeStamp, modeOf } from "../../linux/libc/statx.js";
import { askPolicy, type OpenDecision, type Subject } from "../policies/decision.js";
import { EntryOut } from "../protocol/attributes.js";
import {
  CreateIn,
  encodeOpenOut,
  FlushIn,
  Fopen,
  FUSE_OPEN_KILL_SUIDGID,
  FUSE_RELEASE_FLOCK_UNLOCK,
  OpenIn,
  OpenOut,
  ReleaseIn,
} from "../protocol/files.js";
import { InHeader } from "../protocol/header.js";
import type { Reply, Request } from "../protocol/message.js";
import { isArriving } from "../serving/arrival.js";
import type { Context, Settings } from "../serving/context.js";
import { defer, type PendingRequest } from "../serving/deferral.js";
import { fdOf, fileOf, openRegular } from "../serving/node.js";
import { type Access, decideAccess } from "../tables/access.js";
import { acquireBacking, releaseBacking } from "../tables/backing.js";
import { FIRST_VIEW, handleOfView } from "../tables/views.js";
import type { Deferred } from "./deferred.js";
import { adoptOpen, writeEntry } from "./entry.js";
import type { Operations } from "./handler.js";
import { ownerOf } from "./locks.js";

/**
 * A file handle is the descriptor in its low word and, in its high word, the access of the open file: RELEASE must take OPEN's
 * count back, and READ needs no table.
 */
const Kind: Record<Access, number> = { daemon: 0, passthrough: 1, direct: 2, beside: 3 };

/** The part of a handle's high word that is its kind; above it are a flag and the view. */
const KIND = 0x0f;

/** The kernel may write to the file without FUSE's knowledge: by a mapping of the backing file. */
const WRITTEN_UNSEEN = 0x10;

/** The decision about an open that is to go past the page cache. */
const DIRECT: OpenDecision = { preference: "direct", view: 0 };

function isWriting(flags: number): boolean {
  return (flags & Open.ACCMODE) !== Open.RDONLY;
}

function openFlags(access: Access, { fileFlags }: Settings): number {
  if (access === "daemon") return fileFlags;
  return (access === "direct" ? 0 : Fopen.PASSTHROUGH) | (access === "passthrough" ? 0 : Fopen.DIRECT_IO);
}

/**
 * The flags for the source's file: never created or checked here, never direct (the buffers are not aligned for it).
 * Out of a writeback cache the kernel writes whole pages, of which it may have to read the rest first, at offsets that it chose.
 */
export function sourceFlags(flags: number, writeback: boolean): number {
  const kept = flags & ~(Open.CREAT | Open.EXCL | Open.NOCTTY | Open.DIRECT);
  if (!writeback) return kept;
  return ((kept & Open.ACCMODE) === Open.WRONLY ? (kept & ~Open.ACCMODE) | Open.RDWR : kept) & ~Open.APPEND;
}

/** The access of an open that the daemon serves. */
function served({ pages }: Settings): "daemon" | "direct" {
  return pages ? "daemon" : "direct";
}

/** The decision about an open without a policy. */
function usual(settings: Settings): OpenDecision {
  return { preference: settings.mode === "passthrough" ? "passthrough" : served(settings), view: 0 };
}

/**
 * Changes the decision about an open for writing of a file with set-id bits, whose attributes are in `context.registers.statx`: its writes go
 * through the daemon. Only there can the bits go or stay by the writer's rights (CAP_FSETID): a backing file has one set of rights for all writers.
 */
export function keepingSetId(context: Context, flags: number, decision: OpenDecision): OpenDecision {
  if (decision.preference !== "passthrough" || !isWriting(flags)) return decision;
  if ((modeOf(context.registers.statx.words) & (Mode.ISUID | Mode.ISGID)) === 0) return decision;
  return { ...decision, preference: served(context.settings) };
}

/** Decides about an open of a file that is there, or of a new one. @throws Refusal if the policy denies it */
export function decideOpen(request: Request, context: Context, subject: Subject, flags: number): OpenDecision {
  return context.policy === null ? usual(context.settings) : askPolicy(context.policy, subject, flags, request, context);
}

/**
 * Decides the access of an open file, whose attributes are in `context.registers.statx` if it is open for writing, and writes a struct
 * fuse_open_out at a word: 0. Or closes the file: -EBUSY, if this open is to have another view of it than the kernel gives
 * of an inode that is open in passthrough.
 */
export function answerOpen(
  context: Context,
  reply: Reply,
  at: number,
  nodeId: number,
  fd: number,
  flags: number,
  decision: OpenDecision,
): number {
  let backingId = 0;
  const kept = served(context.settings);
  const access = context.inodes.withOpens(nodeId, (opens): Access | null => {
    let decided = decideAccess(decision.preference, opens, kept);
    if (decided === "beside" && decision.view > 0) return null;
    if (decided === "passthrough" || decided === "beside") {
      // The kernel writes with the rights that this thread has here: set-id bits must go with the first write.
      context.caller.mayKeepSetId(false);
      backingId = acquireBacking(context.device, opens, fd);
      // This file can't: its filesystem is stacked too deep, or it is not a regular file.
      if (backingId < 0) {
        context.statistics.countFallback(-backingId);
        decided = kept;
      }
    }
    if (keepsFromPassthrough(decided, context)) opens.daemon++;
    return decided;
  });
  if (access === null) {
    close(fd);
    return -Errno.EBUSY;
  }
  const unseen = backingId > 0 && isWriting(flags);
  context.openFiles.add(fd, unseen ? changeStamp(context.registers.statx.words) : 0);
  let handle = Kind[access] | (unseen ? WRITTEN_UNSEEN : 0);
  if (context.views !== null && access !== "passthrough") {
    handle |= handleOfView(decision.view);
    context.views.enter(nodeId, decision.view);
  }
  encodeOpenOut(reply.words, at, fd, handle, openFlags(access, context.settings), Math.max(0, backingId));
  return 0;
}

function open(request: Request, reply: Reply, context: Context): number {
  const { nodeId } = request;
  const { settings } = context;
  const flags = request.args[OpenIn.flags]!;
  const kills = (request.args[OpenIn.openFlags]! & FUSE_OPEN_KILL_SUIDGID) !== 0;
  if ((flags & Open.TRUNC) !== 0) context.caller.mayKeepSetId(!kills, request.gid);
  // Past the page cache, so that the kernel allows passthrough opens beside it once the file is complete.
  let decision = isArriving(context, nodeId) ? DIRECT : decideOpen(request, context, { fd: fdOf(context, nodeId) }, flags);
  let fd = openRegular(context, nodeId, sourceFlags(flags, settings.writeback));
  if (fd === -Errno.EACCES && settings.writeback) {
    // It may be written but not read: then not through the cache.
    fd = openRegular(context, nodeId, sourceFlags(flags, false));
    decision = DIRECT;
  }
  if (fd < 0) return fd;
  // Truncating may have taken set-id bits away, for which the answer has no place.
  if (kills) context.invalidation.attributes(nodeId);
  if (settings.mode === "passthrough" && isWriting(flags)) statxOf(fd, context.registers.statx.address);
  return answerOpen(context, reply, 0, nodeId, fd, flags, keepingSetId(context, flags, decision)) || OpenOut.bytes;
}

/** The name at the front of a payload that was checked. */
function nameOf({ payload, payloadStart }: Request): Buffer {
  return Buffer.from(payload.subarray(payloadStart, payload.indexOf(0, payloadStart)));
}

/**
 * CREATE makes new files alone: an open of an existing one could wait (a FIFO) or act (a device), and the policy decided about a
 * new file.
 */
const NEW = Open.CREAT | Open.EXCL | Open.NOFOLLOW | Open.CLOEXEC;

function create(request: Request, reply: Reply, context: Context): number {
  const bad = request.checkName();
  if (bad < 0) return bad;
  const directory = fdOf(context, request.nodeId);
  const flags = request.args[CreateIn.flags]!;
  const decision = decideOpen(request, context, { directory, name: nameOf(request) }, flags);
  // In a directory that gives its group to its files, keeping the set-group-id bit takes a right.
  if ((request.args[CreateIn.mode]! & Mode.ISGID) !== 0) context.caller.mayKeepSetId(true);
  const fd = context.caller.make(request, request.args[CreateIn.umask]!, () =>
    openat(directory, request.dataAddress, sourceFlags(flags, context.settings.writeback) | NEW, request.args[CreateIn.mode]!),
  );
  // Somebody was faster: the kernel looks the name up again, and opens it.
  if (fd === -Errno.EEXIST && (flags & Open.EXCL) === 0) return -Errno.ESTALE;
  if (fd < 0) return fd;
  const nodeId = adoptOpen(context, fd);
  if (nodeId < 0) {
    close(fd);
    return nodeId;
  }
  writeEntry(context, reply, nodeId);
  const refused = answerOpen(context, reply, EntryOut.bytes / 4, nodeId, fd, flags, keepingSetId(context, flags, decision));
  if (refused < 0) context.inodes.forget(nodeId, 1);
  return refused || EntryOut.bytes + OpenOut.bytes;
}

/** FLUSH, at each close(2): 0, or -errno. */
function flush(request: Request, reply: Reply, context: Context): number {
  const { args, nodeId } = request;
  // Writing by a mapping changes the backing file's times, not those that the kernel has of the mount's inode.
  const fd = fileOf(context, args, FlushIn.fh);
  if ((args[FlushIn.fh + 1]! & WRITTEN_UNSEEN) !== 0 && statxOf(fd, context.registers.statx.address) === 0) {
    if (context.openFiles.hasChanged(fd, changeStamp(context.registers.statx.words))) context.invalidation.attributes(nodeId);
  }
  // Closing any descriptor of a file ends its process's POSIX locks on it, and the deferred thread has them.
  if (context.inodes.lockOwners(nodeId) > 0) return defer(request, reply, context);
  return context.settings.reportsLate ? reportWriteErrors(fd) : 0;
}

/**
 * True if an open keeps later opens of its inode from passthrough. One past the page cache does only if it can be mapped shared, which
 * gives the inode a page cache. Where files arrive it can't (`Wishes.directMmap`).
 */
function keepsFromPassthrough(access: Access, { arrival }: Context): boolean {
  return access === "daemon" || (access === "direct" && arrival === null);
}

function release(request: Request, reply: Reply, context: Context): number {
  const handle = request.args[ReleaseIn.fh + 1]!;
  const kind = handle & KIND;
  const isDirect = kind === Kind.direct;
  // The kernel has the open file too, by its backing id: closing it here would not end its lock.
  if ((request.args[ReleaseIn.releaseFlags]! & FUSE_RELEASE_FLOCK_UNLOCK) !== 0)
    flock(fileOf(context, request.args, ReleaseIn.fh), Flock.UN);
  if (handle >= FIRST_VIEW) context.views?.leave(request.nodeId);
  context.inodes.withOpens(request.nodeId, (opens) => {
    if (kind === Kind.passthrough || kind === Kind.beside) releaseBacking(context.device, opens);
    else if (keepsFromPassthrough(isDirect ? "direct" : "daemon", context)) opens.daemon--;
  });
  // Locks of the open file itself end with it, and the deferred thread has them.
  if (context.inodes.lockOwners(request.nodeId) > 0) return defer(request, reply, context);
  return context.openFiles.close(request.args[ReleaseIn.fh]!);
}

/** FLUSH of a file with POSIX locks: closing ends those of its process. */
function flushDeferred(request: PendingRequest, { context, owners, waitingLocks, answer }: Deferred): void {
  owners.release(request.header[InHeader.nodeid]!, ownerOf(request.args, FlushIn.lockOwner));
  answer(request, reportWriteErrors(fileOf(context, request.args, FlushIn.fh)));
  waitingLocks.retry();
}

/** RELEASE of a file with POSIX locks: the locks of the open file itself end with it. */
function releaseDeferred(request: PendingRequest, { context, owners, waitingLocks, answer }: Deferred): void {
  const fd = request.args[ReleaseIn.fh]!;
  owners.releaseFile(request.header[InHeader.nodeid]!, fd);
  answer(request, context.openFiles.close(fd));
  waitingLocks.retry();
}

/** The errors that close(2) would report, by closing a duplicate: those of a network filesystem. 0, or -errno. */
function reportWriteErrors(fd: number): number {
  const copy = dup(fd);
  return copy < 0 ? copy : close(copy);
}

export const fileOperations: Operations = {
  OPEN: { argsBytes: OpenIn.bytes, handle: open },
  CREATE: { argsBytes: CreateIn.bytes, handle: create },
  FLUSH: { argsBytes: FlushIn.bytes, handle: flush, deferred: flushDeferred },
  RELEASE: { argsBytes: ReleaseIn.bytes, handle: release, deferred: releaseDeferred },
};
