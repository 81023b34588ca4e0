import { Errno } from "../../linux/libc/errno.js";
import { copyFileRange, fallocate as fallocateCall, lseek as lseekCall } from "../../linux/libc/files.js";
import { WriteOut } from "../protocol/data.js";
import type { Reply, Request } from "../protocol/message.js";
import { CopyFileRangeIn, CopyFileRangeOut, FallocateIn, LseekIn, LseekOut } from "../protocol/ranges.js";
import { copyU64, readS64, writeU64 } from "../protocol/words.js";
import { isArriving } from "../serving/arrival.js";
import type { Context } from "../serving/context.js";
import { fileOf } from "../serving/node.js";
import { viewOfHandle } from "../tables/views.js";
import type { Operations } from "./handler.js";

/** The most that one request copies: a short copy is allowed, and a worker must not be gone for seconds. */
const COPY_BYTES = 64 << 20;

function fallocate(request: Request, _reply: Reply, context: Context): number {
  const { args } = request;
  // The request does not say whether the caller may keep set-id bits.
  context.caller.mayKeepSetId(request.uid === 0, request.gid);
  return fallocateCall(
    fileOf(context, args, FallocateIn.fh),
    args[FallocateIn.mode]!,
    readS64(args, FallocateIn.offset),
    readS64(args, FallocateIn.length),
  );
}

/** SEEK_DATA and SEEK_HOLE: the kernel answers the others itself. */
function lseek(request: Request, reply: Reply, context: Context): number {
  const { args } = request;
  const fd = fileOf(context, args, LseekIn.fh);
  const offset = isArriving(context, request.nodeId)
    ? seekWithoutHoles(fd, Number(readS64(args, LseekIn.offset)), args[LseekIn.whence]!)
    : lseekCall(fd, readS64(args, LseekIn.offset), args[LseekIn.whence]!);
  if (offset < 0) return offset;
  writeU64(reply.words, LseekOut.offset, offset);
  return LseekOut.bytes;
}

const SEEK_END = 2;
const SEEK_DATA = 3;

/** The answer for a file that is still arriving: what is missing is no hole, and all of it counts as data. */
function seekWithoutHoles(fd: number, offset: number, whence: number): number {
  const size = lseekCall(fd, 0, SEEK_END);
  if (size < 0) return size;
  if (offset < 0 || offset >= size) return -Errno.ENXIO;
  return whence === SEEK_DATA ? offset : size;
}

/** The number of bytes copied, or -errno. */
function copy(request: Request, context: Context): number {
  const { args } = request;
  const { words, address } = context.registers.scratch;
  copyU64(words, 0, args, CopyFileRangeIn.offIn);
  copyU64(words, 2, args, CopyFileRangeIn.offOut);
  if (args[CopyFileRangeIn.flags] !== 0) return -Errno.EINVAL;
  // This open sees other data than the source has: the kernel then copies by reads and writes.
  if (viewOfHandle(args[CopyFileRangeIn.fhIn + 1]!) > 0) return -Errno.EXDEV;
  const length = args[CopyFileRangeIn.len + 1] === 0 ? Math.min(args[CopyFileRangeIn.len]!, COPY_BYTES) : COPY_BYTES;
  context.caller.mayKeepSetId(request.uid === 0, request.gid);
  return copyFileRange(
    fileOf(context, args, CopyFileRangeIn.fhIn),
    address,
    fileOf(context, args, CopyFileRangeIn.fhOut),
    address + 8,
    length,
    0,
  );
}

function copyRange(request: Request, reply: Reply, context: Context): number {
  const copied = copy(request, context);
  if (copied < 0) return copied;
  reply.words[WriteOut.size] = copied;
  reply.words[WriteOut.size + 1] = 0;
  return WriteOut.bytes;
}

function copyRange64(request: Request, reply: Reply, context: Context): number {
  const copied = copy(request, context);
  if (copied < 0) return copied;
  writeU64(reply.words, CopyFileRangeOut.bytesCopied, copied);
  return CopyFileRangeOut.bytes;
}

export const rangeOperations: Operations = {
  FALLOCATE: { argsBytes: FallocateIn.bytes, handle: fallocate },
  LSEEK: { argsBytes: LseekIn.bytes, handle: lseek },
  COPY_FILE_RANGE: { argsBytes: CopyFileRangeIn.bytes, handle: copyRange },
  COPY_FILE_RANGE_64: { argsBytes: CopyFileRangeIn.bytes, handle: copyRange64 },
};
