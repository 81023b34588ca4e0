import {
  faccessat,
  fchmodat,
  fchownat,
  fstatfs,
  statxOf,
  UTIME_NOW,
  UTIME_OMIT,
  utimensat,
} from "../../linux/libc/attributes.js";
import { close, ftruncate } from "../../linux/libc/files.js";
import { At, Open } from "../../linux/libc/flags.js";
import { emptyString } from "../../linux/libc/memory.js";
import {
  AttrOut,
  encodeAttrOut,
  Fattr,
  FUSE_GETATTR_FH,
  GetattrIn,
  never,
  SetattrIn,
  type Timeout,
} from "../protocol/attributes.js";
import type { Reply, Request } from "../protocol/message.js";
import { AccessIn } from "../protocol/names.js";
import { encodeStatfs, StatfsOut } from "../protocol/statfs.js";
import { encodeStatxOut, StatxIn, StatxOut } from "../protocol/statx.js";
import { copyU64, readS64 } from "../protocol/words.js";
import { showComplete } from "../serving/arrival.js";
import type { Context } from "../serving/context.js";
import { fdOf, fileOf, openRegular } from "../serving/node.js";
import { descriptorName } from "../serving/reopen.js";
import type { Operations } from "./handler.js";

/** The changes that a SETATTR can make here. */
const CHANGES = Fattr.MODE | Fattr.UID | Fattr.GID | Fattr.SIZE | Fattr.ATIME | Fattr.MTIME;

/** uid_t and gid_t for "leave it". */
const UNCHANGED = 0xffff_ffff;

/** STATX_BASIC_STATS and STATX_BTIME: the fields that struct fuse_statx has a place for. */
const STATX_KNOWN = 0xfff;

/** The freshness asked of network filesystems: AT_STATX_FORCE_SYNC, AT_STATX_DONT_SYNC. */
const AT_STATX_SYNC_TYPE = 0x6000;

function answer(context: Context, reply: Reply, fd: number, timeout: Timeout = context.settings.attrTimeout): number {
  const seen = statxOf(fd, context.registers.statx.address);
  if (seen < 0) return seen;
  showComplete(context);
  encodeAttrOut(reply.words, timeout, context.registers.statx.words);
  return AttrOut.bytes;
}

function getattr(request: Request, reply: Reply, context: Context): number {
  const { args } = request;
  // An open file may have no name left to find it by.
  const open = (args[GetattrIn.getattrFlags]! & FUSE_GETATTR_FH) !== 0;
  return answer(context, reply, open ? fileOf(context, args, GetattrIn.fh) : fdOf(context, request.nodeId));
}

function statx(request: Request, reply: Reply, context: Context): number {
  const { args } = request;
  const fd = fdOf(context, request.nodeId);
  const mask = args[StatxIn.sxMask]! & STATX_KNOWN;
  const seen = statxOf(fd, context.registers.statx.address, mask, args[StatxIn.sxFlags]! & AT_STATX_SYNC_TYPE);
  if (seen < 0) return seen;
  showComplete(context);
  encodeStatxOut(reply.words, context.settings.attrTimeout, context.registers.statx.words);
  return StatxOut.bytes;
}

function setattr(request: Request, reply: Reply, context: Context): number {
  const { args } = request;
  const valid = args[SetattrIn.valid]!;
  const fd = fdOf(context, request.nodeId);
  let done = 0;
  context.caller.mayKeepSetId(true);
  if (valid & (Fattr.UID | Fattr.GID)) {
    const uid = valid & Fattr.UID ? args[SetattrIn.uid]! : UNCHANGED;
    const gid = valid & Fattr.GID ? args[SetattrIn.gid]! : UNCHANGED;
    done = fchownat(fd, emptyString.address, uid, gid, At.EMPTY_PATH | At.SYMLINK_NOFOLLOW);
    if (done < 0) return done;
  }
  // After the owner, whose change clears set-id bits.
  if (valid & Fattr.MODE) {
    done = fchmodat(context.descriptors, descriptorName(context, fd), args[SetattrIn.mode]! & 0o7777, 0);
    if (done < 0) return done;
  }
  if (valid & Fattr.SIZE) {
    context.caller.mayKeepSetId((valid & Fattr.KILL_SUIDGID) === 0, request.gid);
    done = truncate(request, context, valid);
    if (done < 0) return done;
  }
  // Last, since all before change the times.
  if (valid & (Fattr.ATIME | Fattr.MTIME)) {
    done = setTimes(request, context, fd, valid);
    if (done < 0) return done;
  }
  // The kernel sends one that changes nothing before a write that takes set-id bits away: the mode holds no longer than that.
  return valid & CHANGES ? answer(context, reply, fd) : answer(context, reply, fd, never);
}

function truncate(request: Request, context: Context, valid: number): number {
  const size = readS64(request.args, SetattrIn.size);
  if (valid & Fattr.FH) return ftruncate(fileOf(context, request.args, SetattrIn.fh), size);
  const file = openRegular(context, request.nodeId, Open.WRONLY);
  if (file < 0) return file;
  const done = ftruncate(file, size);
  close(file);
  return done;
}

/** struct timespec times[2]: s64 tv_sec 0, s64 tv_nsec 8, then the same for the modification time. */
function setTimes(request: Request, context: Context, fd: number, valid: number): number {
  const { args } = request;
  const times = context.registers.scratch.words;
  times.fill(0, 0, 8);
  copyU64(times, 0, args, SetattrIn.atime);
  copyU64(times, 4, args, SetattrIn.mtime);
  times[2] = nanoseconds(valid, Fattr.ATIME, Fattr.ATIME_NOW, args[SetattrIn.atimensec]!);
  times[6] = nanoseconds(valid, Fattr.MTIME, Fattr.MTIME_NOW, args[SetattrIn.mtimensec]!);
  return utimensat(fd, emptyString.address, context.registers.scratch.address, At.EMPTY_PATH);
}

function nanoseconds(valid: number, set: number, now: number, value: number): number {
  if (!(valid & set)) return UTIME_OMIT;
  return valid & now ? UTIME_NOW : value;
}

function statfs(request: Request, reply: Reply, context: Context): number {
  const done = fstatfs(fdOf(context, request.nodeId), context.registers.scratch.address);
  if (done < 0) return done;
  encodeStatfs(reply.words, context.registers.scratch.words);
  return StatfsOut.bytes;
}

function access(request: Request, _reply: Reply, context: Context): number {
  const fd = fdOf(context, request.nodeId);
  return faccessat(context.descriptors, descriptorName(context, fd), request.args[AccessIn.mask]!, 0);
}

export const attributeOperations: Operations = {
  GETATTR: { argsBytes: GetattrIn.bytes, handle: getattr },
  SETATTR: { argsBytes: SetattrIn.bytes, handle: setattr },
  STATX: { argsBytes: StatxIn.bytes, handle: statx },
  STATFS: { argsBytes: 0, handle: statfs },
  ACCESS: { argsBytes: AccessIn.bytes, handle: access },
};
