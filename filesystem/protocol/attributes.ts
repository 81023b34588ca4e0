import { deviceNumber, Statx } from "../../linux/libc/statx.js";
import { copyU64 } from "./words.js";

/**
 * struct fuse_attr, 88 bytes, by 32-bit word:
 *
 *     u64 ino      0    u32 atimensec 48    u32 nlink 64    u32 blksize 80
 *     u64 size     8    u32 mtimensec 52    u32 uid   68    u32 flags   84
 *     u64 blocks  16    u32 ctimensec 56    u32 gid   72
 *     u64 atime   24    u32 mode      60    u32 rdev  76
 *     u64 mtime   32
 *     u64 ctime   40
 */
const Attr = {
  bytes: 88,
  ino: 0,
  size: 2,
  blocks: 4,
  atime: 6,
  mtime: 8,
  ctime: 10,
  atimensec: 12,
  mtimensec: 13,
  ctimensec: 14,
  mode: 15,
  nlink: 16,
  uid: 17,
  gid: 18,
  rdev: 19,
  blksize: 20,
  flags: 21,
} as const;

/** Writes a struct statx as a struct fuse_attr at a word. */
function encodeAttr(out: Uint32Array, at: number, statx: Uint32Array): void {
  // Stryker disable next-line ArithmeticOperator: ino is at 0
  copyU64(out, at + Attr.ino, statx, Statx.ino);
  copyU64(out, at + Attr.size, statx, Statx.size);
  copyU64(out, at + Attr.blocks, statx, Statx.blocks);
  copyU64(out, at + Attr.atime, statx, Statx.atime);
  copyU64(out, at + Attr.mtime, statx, Statx.mtime);
  copyU64(out, at + Attr.ctime, statx, Statx.ctime);
  out[at + Attr.atimensec] = statx[Statx.atime + 2]!;
  out[at + Attr.mtimensec] = statx[Statx.mtime + 2]!;
  out[at + Attr.ctimensec] = statx[Statx.ctime + 2]!;
  out[at + Attr.mode] = statx[Statx.mode]! & 0xffff;
  out[at + Attr.nlink] = statx[Statx.nlink]!;
  out[at + Attr.uid] = statx[Statx.uid]!;
  out[at + Attr.gid] = statx[Statx.gid]!;
  out[at + Attr.rdev] = deviceNumber(statx[Statx.rdevMajor]!, statx[Statx.rdevMinor]!);
  out[at + Attr.blksize] = statx[Statx.blksize]!;
  out[at + Attr.flags] = 0;
}

/** The time for which the kernel may keep an answer, in seconds and the nanoseconds beyond them. */
export interface Timeout {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** Not at all: it is asked again each time. */
export const never: Timeout = { seconds: 0, nanoseconds: 0 };

/**
 * struct fuse_entry_out, 128 bytes:
 *
 *     u64 nodeid       0    u32 entry_valid_nsec 32
 *     u64 generation   8    u32 attr_valid_nsec  36
 *     u64 entry_valid 16    struct fuse_attr     40
 *     u64 attr_valid  24
 */
export const EntryOut = {
  bytes: 128,
  nodeid: 0,
  generation: 2,
  entryValid: 4,
  attrValid: 6,
  entryValidNsec: 8,
  attrValidNsec: 9,
  attr: 10,
} as const;

/** Writes an entry at a word. Node 0 is a name that is known not to exist; it has no attributes. */
export function encodeEntry(
  out: Uint32Array,
  at: number,
  nodeId: number,
  generation: number,
  entryTimeout: Timeout,
  attrTimeout: Timeout,
  statx: Uint32Array | null,
): void {
  // Stryker disable ArithmeticOperator: nodeid is at 0
  out[at + EntryOut.nodeid] = nodeId;
  out[at + EntryOut.nodeid + 1] = 0;
  // Stryker restore ArithmeticOperator
  out[at + EntryOut.generation] = generation;
  out[at + EntryOut.generation + 1] = 0;
  out[at + EntryOut.entryValid] = entryTimeout.seconds;
  out[at + EntryOut.entryValid + 1] = 0;
  out[at + EntryOut.attrValid] = attrTimeout.seconds;
  out[at + EntryOut.attrValid + 1] = 0;
  out[at + EntryOut.entryValidNsec] = entryTimeout.nanoseconds;
  out[at + EntryOut.attrValidNsec] = attrTimeout.nanoseconds;
  if (statx === null) out.fill(0, at + EntryOut.attr, at + EntryOut.bytes / 4);
  else encodeAttr(out, at + EntryOut.attr, statx);
}

/** struct fuse_attr_out, 104 bytes: u64 attr_valid 0, u32 attr_valid_nsec 8, u32 dummy 12, struct fuse_attr 16. */
export const AttrOut = { bytes: 104, attrValid: 0, attrValidNsec: 2, dummy: 3, attr: 4 } as const;

export function encodeAttrOut(out: Uint32Array, timeout: Timeout, statx: Uint32Array): void {
  out[AttrOut.attrValid] = timeout.seconds;
  out[AttrOut.attrValid + 1] = 0;
  out[AttrOut.attrValidNsec] = timeout.nanoseconds;
  out[AttrOut.dummy] = 0;
  encodeAttr(out, AttrOut.attr, statx);
}

/** struct fuse_getattr_in, 16 bytes: u32 getattr_flags 0, u32 dummy 4, u64 fh 8. */
export const GetattrIn = { bytes: 16, getattrFlags: 0, fh: 2 } as const;

/** `getattr_flags`: the fh is set. */
export const FUSE_GETATTR_FH = 1;

/**
 * struct fuse_setattr_in, 88 bytes:
 *
 *     u32 valid        0    u64 atime     32    u32 ctimensec 64
 *     u32 padding      4    u64 mtime     40    u32 mode      68
 *     u64 fh           8    u64 ctime     48    u32 unused    72
 *     u64 size        16    u32 atimensec 56    u32 uid       76
 *     u64 lock_owner  24    u32 mtimensec 60    u32 gid       80
 *                                               u32 unused    84
 */
export const SetattrIn = {
  bytes: 88,
  valid: 0,
  fh: 2,
  size: 4,
  lockOwner: 6,
  atime: 8,
  mtime: 10,
  ctime: 12,
  atimensec: 14,
  mtimensec: 15,
  ctimensec: 16,
  mode: 17,
  uid: 19,
  gid: 20,
} as const;

/** Bits of `fuse_setattr_in.valid`. */
export const Fattr = {
  MODE: 1 << 0,
  UID: 1 << 1,
  GID: 1 << 2,
  SIZE: 1 << 3,
  ATIME: 1 << 4,
  MTIME: 1 << 5,
  FH: 1 << 6,
  ATIME_NOW: 1 << 7,
  MTIME_NOW: 1 << 8,
  LOCKOWNER: 1 << 9,
  CTIME: 1 << 10,
  KILL_SUIDGID: 1 << 11,
} as const;
