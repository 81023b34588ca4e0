import { Errno } from "../../linux/libc/errno.js";
import { pread, pwrite } from "../../linux/libc/files.js";
import type { Memory } from "../../linux/libc/memory.js";
import { readView } from "../policies/view-reads.js";
import { FUSE_WRITE_KILL_SUIDGID, ReadIn, WriteIn, WriteOut } from "../protocol/data.js";
import { InHeader } from "../protocol/header.js";
import type { Reply, Request } from "../protocol/message.js";
import { readU64 } from "../protocol/words.js";
import type { Context } from "../serving/context.js";
import { defer, type PendingRequest } from "../serving/deferral.js";
import { fileOf } from "../serving/node.js";
import { FIRST_VIEW } from "../tables/views.js";
import type { Deferred } from "./deferred.js";
import type { Operations } from "./handler.js";

/** True if a part of the range that a READ asks for has not arrived. */
function isMissing({ arrival, inodes }: Context, nodeId: number, args: Uint32Array): boolean {
  if (arrival === null) return false;
  const offset = Number(readU64(args, ReadIn.offset));
  return !arrival.has(inodes.inoLow(nodeId), inodes.inoHigh(nodeId), offset, args[ReadIn.size]!);
}

/** The hot path: no allocation, one system call. */
function read(request: Request, reply: Reply, context: Context): number {
  const { args } = request;
  const size = args[ReadIn.size]!;
  if (size > reply.capacity) return -Errno.EINVAL;
  if (args[ReadIn.fh + 1]! >= FIRST_VIEW) return readView(request, reply, context);
  const fd = fileOf(context, args, ReadIn.fh);
  if (isMissing(context, request.nodeId, args)) return defer(request, reply, context);
  const length = pread(fd, reply.address, size, readU64(args, ReadIn.offset));
  if (context.readahead !== null && length > 0) {
    context.readahead.noteRead(request.nodeId, fd, Number(readU64(args, ReadIn.offset)), length);
  }
  return length;
}

/** READ of a range that has not arrived: it waits. */
function readDeferred(request: PendingRequest, { context, waitingReads }: Deferred): void {
  const { header, args } = request;
  const nodeId = header[InHeader.nodeid]!;
  const [low, high] = [context.inodes.inoLow(nodeId), context.inodes.inoHigh(nodeId)];
  waitingReads!.add(request, {
    ino: BigInt(low >>> 0) | (BigInt(high >>> 0) << 32n),
    offset: Number(readU64(args, ReadIn.offset)),
    sizeBytes: args[ReadIn.size]!,
    pid: header[InHeader.pid]!,
  });
}

/** Reads the range of a deferred READ, which has arrived: the number of bytes in `body`, or -errno. */
export function readArrived({ args }: PendingRequest, context: Context, body: Memory): number {
  const size = Math.min(args[ReadIn.size]!, body.bytes.length);
  return pread(fileOf(context, args, ReadIn.fh), body.address, size, readU64(args, ReadIn.offset));
}

function write(request: Request, reply: Reply, context: Context): number {
  const { args } = request;
  const size = args[WriteIn.size]!;
  if (size > request.payloadEnd - request.payloadStart) return -Errno.EINVAL;
  context.caller.mayKeepSetId((args[WriteIn.writeFlags]! & FUSE_WRITE_KILL_SUIDGID) === 0, request.gid);
  const written = pwrite(fileOf(context, args, WriteIn.fh), request.dataAddress, size, readU64(args, WriteIn.offset));
  if (written < 0) return written;
  reply.words[WriteOut.size] = written;
  reply.words[WriteOut.size + 1] = 0;
  return WriteOut.bytes;
}

export const dataOperations: Operations = {
  READ: { argsBytes: ReadIn.bytes, handle: read, deferred: readDeferred },
  WRITE: { argsBytes: WriteIn.bytes, handle: write },
};

/**
 * True if a mount's transport may read and write files without the handlers above, by a submission that it links before the answer:
 * the low word of a file handle is then the descriptor. Mounts of zeros have no descriptors, and the daemon's readahead must see each READ.
 */
export function linksData(context: Context): boolean {
  return context.settings.content === "source" && context.readahead === null;
}

/**
 * True if a READ means one read(2) of the descriptor `fd` at its offset, so that it may be linked. An open with a view needs `read`,
 * which transforms the data; so does a malformed request, which gets an error. Allocates nothing: all words are 32-bit integers, as the
 * transport has them, sizes beyond 2^31 being negative.
 *
 * @param handleHigh the high word of the file handle
 */
export function mayLinkRead(context: Context, fd: number, handleHigh: number, sizeBytes: number, capacityBytes: number): boolean {
  return handleHigh < FIRST_VIEW && sizeBytes >= 0 && sizeBytes <= capacityBytes && context.openFiles.has(fd);
}

/**
 * True if a WRITE means one write(2) to the descriptor `fd` at its offset, so that it may be linked; this thread's rights are then set for
 * it. A write that clears set-id bits needs `write`: the writing thread's capabilities decide about them.
 */
export function mayLinkWrite(context: Context, fd: number, writeFlags: number, sizeBytes: number, payloadBytes: number): boolean {
  if (sizeBytes !== payloadBytes || (writeFlags & FUSE_WRITE_KILL_SUIDGID) !== 0 || !context.openFiles.has(fd)) return false;
  context.caller.mayKeepSetId(true);
  return true;
}
