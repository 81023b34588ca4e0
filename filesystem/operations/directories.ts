import { Dirent64, getdents } from "../../linux/libc/directories.js";
import { Errno } from "../../linux/libc/errno.js";
import { lseek } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import { EntryOut, encodeEntry } from "../protocol/attributes.js";
import { ReadIn } from "../protocol/data.js";
import { Dirent, direntBytes, direntplusBytes } from "../protocol/directories.js";
import { encodeOpenOut, Fopen, OpenIn, OpenOut, ReleaseIn } from "../protocol/files.js";
import type { Reply, Request } from "../protocol/message.js";
import { readS64 } from "../protocol/words.js";
import { showComplete } from "../serving/arrival.js";
import { type Context, SCRATCH_BYTES } from "../serving/context.js";
import { directoryOf, fdOf } from "../serving/node.js";
import { reopen } from "../serving/reopen.js";
import { lookUp } from "./entry.js";
import type { Operations } from "./handler.js";

function opendir(request: Request, reply: Reply, context: Context): number {
  // The kernel does not ask again, and keeps listings as if KEEP_CACHE and CACHE_DIR had been answered.
  if (context.settings.openlessDirectories) return -Errno.ENOSYS;
  const fd = reopen(context, fdOf(context, request.nodeId), Open.RDONLY | Open.DIRECTORY);
  if (fd < 0) return fd;
  context.openFiles.add(fd);
  encodeOpenOut(reply.words, 0, fd, 0, listingFlags(context, request.nodeId), 0);
  return OpenOut.bytes;
}

/** Without KEEP_CACHE the kernel drops the listing that it has, and keeps the one that it now gets. */
function listingFlags({ settings, inodes }: Context, nodeId: number): number {
  if (settings.listingMilliseconds === 0) return 0;
  return Fopen.CACHE_DIR | (inodes.hasListingOf(nodeId, settings.listingMilliseconds) ? Fopen.KEEP_CACHE : 0);
}

function releasedir(request: Request, _reply: Reply, context: Context): number {
  return context.openFiles.close(request.args[ReleaseIn.fh]!);
}

function readdir(request: Request, reply: Reply, context: Context): number {
  return list(request, reply, context, false);
}

function readdirplus(request: Request, reply: Reply, context: Context): number {
  return list(request, reply, context, true);
}

const SEEK_SET = 0;

/**
 * Lists from the offset that the kernel gives, which is the source's own: no state between two requests, so any worker
 * serves either. Entries that do not fit are read again by the next request, so little more is read than will fit.
 */
function list(request: Request, reply: Reply, context: Context, plus: boolean): number {
  const { args } = request;
  const fd = directoryOf(context, request.nodeId, args, ReadIn.fh);
  const size = Math.min(args[ReadIn.size]!, reply.capacity);
  const sought = lseek(fd, readS64(args, ReadIn.offset), SEEK_SET);
  if (sought < 0) return sought;
  let length = 0;
  for (;;) {
    const read = getdents(fd, context.registers.scratch.address, roomToAskFor(size - length, plus));
    // With entries to give, the error is for the next request. EINVAL: no room for one more.
    if (read < 0) return length > 0 ? length : read;
    if (read === 0) return length;
    const added = append(context, reply, fd, read, length, size, plus);
    if (added < 0) return length > 0 ? length : added;
    length = added % FULL;
    if (added >= FULL) return length;
  }
}

/** Added to a length: the answer is full. */
const FULL = 2 ** 32;

/** An entry of 12 bytes of name takes 32 bytes from getdents64, 40 in READDIR's answer, 168 in READDIRPLUS's. */
function roomToAskFor(left: number, plus: boolean): number {
  return Math.max(512, Math.min(SCRATCH_BYTES, plus ? left >>> 2 : left));
}

/** Appends `read` bytes of entries from the scratch memory; the answer's new length, plus FULL if not all had room. */
function append(
  context: Context,
  reply: Reply,
  directory: number,
  read: number,
  start: number,
  size: number,
  plus: boolean,
): number {
  const { bytes, words, address } = context.registers.scratch;
  let length = start;
  for (let at = 0; at < read; ) {
    const recordBytes = bytes[at + Dirent64.reclen]! | (bytes[at + Dirent64.reclen + 1]! << 8);
    const nameAt = at + Dirent64.name;
    let nameEnd = nameAt;
    while (bytes[nameEnd] !== 0) nameEnd++;
    const nameBytes = nameEnd - nameAt;
    const takes = plus ? direntplusBytes(nameBytes) : direntBytes(nameBytes);
    if (length + takes > size) return length === 0 ? -Errno.EINVAL : length + FULL;
    let out = length / 4;
    if (plus) {
      writePlus(context, reply, out, directory, address + nameAt, isDots(bytes, nameAt, nameBytes));
      out += EntryOut.bytes / 4;
    }
    const dirent = at / 4;
    reply.words[out + Dirent.ino] = words[dirent]!;
    reply.words[out + Dirent.ino + 1] = words[dirent + 1]!;
    reply.words[out + Dirent.off] = words[dirent + 2]!;
    reply.words[out + Dirent.off + 1] = words[dirent + 3]!;
    reply.words[out + Dirent.namelen] = nameBytes;
    reply.words[out + Dirent.type] = bytes[at + Dirent64.type]!;
    // Names are short: a call to copy one would cost more than it copies.
    let nameOut = out * 4 + Dirent.nameByte;
    for (let byte = nameAt; byte < nameEnd; byte++) reply.bytes[nameOut++] = bytes[byte]!;
    length += takes;
    while (nameOut < length) reply.bytes[nameOut++] = 0;
    at += recordBytes;
  }
  return length;
}

function isDots(bytes: Buffer, at: number, length: number): boolean {
  return bytes[at] === 0x2e && (length === 1 || (length === 2 && bytes[at + 1] === 0x2e));
}

/** The entry before a name: the kernel counts a lookup for it, except for node 0, which it ignores ("." and "..", names that went). */
function writePlus(context: Context, reply: Reply, out: number, directory: number, name: number, dots: boolean): void {
  const { entryTimeout, attrTimeout } = context.settings;
  const nodeId = dots ? 0 : Math.max(0, lookUp(context, directory, name));
  const generation = nodeId === 0 ? 0 : context.inodes.generation(nodeId);
  if (nodeId !== 0) showComplete(context);
  encodeEntry(
    reply.words,
    out,
    nodeId,
    generation,
    entryTimeout,
    attrTimeout,
    nodeId === 0 ? null : context.registers.statx.words,
  );
}

export const directoryOperations: Operations = {
  OPENDIR: { argsBytes: OpenIn.bytes, handle: opendir },
  READDIR: { argsBytes: ReadIn.bytes, handle: readdir },
  READDIRPLUS: { argsBytes: ReadIn.bytes, handle: readdirplus },
  RELEASEDIR: { argsBytes: ReleaseIn.bytes, handle: releasedir },
};
