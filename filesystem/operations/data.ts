import { Errno } from "../../linux/libc/errno.js";
import { pread, pwrite } from "../../linux/libc/files.js";
import { readView } from "../policies/view-reads.js";
import { FUSE_WRITE_KILL_SUIDGID, ReadIn, WriteIn, WriteOut } from "../protocol/data.js";
import type { Reply, Request } from "../protocol/message.js";
import { readU64 } from "../protocol/words.js";
import type { Context } from "../serving/context.js";
import { fileOf } from "../serving/node.js";
import { FIRST_VIEW } from "../tables/views.js";

/** The hot path: no allocation, one system call. */
export function read(request: Request, reply: Reply, context: Context): number {
  const { args } = request;
  const size = args[ReadIn.size]!;
  if (size > reply.capacity) return -Errno.EINVAL;
  if (args[ReadIn.fh + 1]! >= FIRST_VIEW) return readView(request, reply, context);
  const fd = fileOf(context, args, ReadIn.fh);
  const length = pread(fd, reply.address, size, readU64(args, ReadIn.offset));
  if (context.readahead !== null && length > 0) {
    context.readahead.noteRead(request.nodeId, fd, Number(readU64(args, ReadIn.offset)), length);
  }
  return length;
}

export function write(request: Request, reply: Reply, context: Context): number {
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
