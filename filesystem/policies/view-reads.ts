import { Errno } from "../../linux/libc/errno.js";
import { pread } from "../../linux/libc/files.js";
import { FUSE_READ_LOCKOWNER, ReadIn } from "../protocol/data.js";
import type { Reply, Request } from "../protocol/message.js";
import { readU64 } from "../protocol/words.js";
import type { Context } from "../serving/context.js";
import { fileOf } from "../serving/node.js";
import { viewOfHandle } from "../tables/views.js";
import { DescriptorFile } from "./source-file.js";

/** The number of tries to read a file that changes meanwhile, after which the read fails. */
const TRIES = 16;

/** READ of an open that has a view: past the page cache, or into it while no other view can meet those pages. */
export function readView(request: Request, reply: Reply, context: Context): number {
  const { args } = request;
  const view = viewOfHandle(args[ReadIn.fh + 1]!);
  // The kernel names the lock owner in a read(2) that goes past the page cache, and in no other (fuse_send_read).
  const fillsPages = (args[ReadIn.readFlags]! & FUSE_READ_LOCKOWNER) === 0;
  if (fillsPages && !(context.views?.isOnly(request.nodeId, view) ?? false)) return -Errno.EBUSY;
  const fd = fileOf(context, args, ReadIn.fh);
  const size = args[ReadIn.size]!;
  const offset = readU64(args, ReadIn.offset);
  if (view === 0) return pread(fd, reply.address, size, offset);
  const transform = context.transforms[view - 1];
  if (transform === undefined) return -Errno.EBADF;
  const file = new DescriptorFile(fd);
  for (let tries = 0; tries < TRIES; tries++) {
    const before = file.version;
    const length = pread(fd, reply.address, size, offset);
    if (length <= 0) return length;
    transform(reply.bytes.subarray(0, length), Number(offset), file);
    // The file that the transform looked into must be the file that was read.
    if (file.version === before) return length;
  }
  return -Errno.EBUSY;
}
