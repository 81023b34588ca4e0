import { Errno } from "../../linux/libc/errno.js";
import { fileIoctls, ioctl as ioctlCall, setsFile } from "../../linux/libc/ioctls.js";
import { FUSE_IOCTL_DIR, IoctlIn, IoctlOut } from "../protocol/ioctl.js";
import type { Reply, Request } from "../protocol/message.js";
import type { Context } from "../serving/context.js";
import { directoryOf, fileOf } from "../serving/node.js";
import type { Operations } from "./handler.js";

/** Forwards the ioctls that concern one file and that the kernel has checked; the rest could reach past the mount: ENOTTY. */
function ioctl(request: Request, reply: Reply, context: Context): number {
  const { args } = request;
  const command = args[IoctlIn.cmd]!;
  const bytes = fileIoctls.get(command);
  if (bytes === undefined) return -Errno.ENOTTY;
  const inSize = args[IoctlIn.inSize]!;
  const outSize = args[IoctlIn.outSize]!;
  if (inSize > request.payloadEnd - request.payloadStart || outSize > reply.capacity - IoctlOut.bytes) return -Errno.EINVAL;
  const { scratch } = context.registers;
  scratch.bytes.fill(0, 0, Math.max(bytes, outSize));
  request.payload.copy(scratch.bytes, 0, request.payloadStart, request.payloadStart + Math.min(inSize, bytes));
  const isDirectory = (args[IoctlIn.flags]! & FUSE_IOCTL_DIR) !== 0;
  const fd = isDirectory ? directoryOf(context, request.nodeId, args, IoctlIn.fh) : fileOf(context, args, IoctlIn.fh);
  const done = ioctlCall(fd, command, scratch.address);
  if (done < 0) return done;
  // It changes ctime as well, for which the answer has no place.
  if (setsFile(command)) context.invalidation.attributes(request.nodeId);
  reply.words.fill(0, 0, IoctlOut.bytes / 4);
  reply.words[IoctlOut.result] = done;
  scratch.bytes.copy(reply.bytes, IoctlOut.bytes, 0, outSize);
  return IoctlOut.bytes + outSize;
}

export const ioctlOperations: Operations = {
  IOCTL: { argsBytes: IoctlIn.bytes, handle: ioctl },
};
