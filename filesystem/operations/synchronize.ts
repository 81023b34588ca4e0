import { fdatasync, fsync } from "node:fs";
import { Errno } from "../../linux/libc/errno.js";
import { close, dup, syncfs } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import { FsyncIn, FUSE_FSYNC_FDATASYNC } from "../protocol/files.js";
import { InHeader } from "../protocol/header.js";
import type { Reply, Request } from "../protocol/message.js";
import type { Context } from "../serving/context.js";
import { defer, type PendingRequest } from "../serving/deferral.js";
import { directoryOf, fdOf, fileOf } from "../serving/node.js";
import { reopen } from "../serving/reopen.js";
import type { Deferred } from "./deferred.js";
import type { Operations } from "./handler.js";

/** Runs fsync(2) or fdatasync(2) on one of libuv's threads, and answers when it returns. @param done called when the call is over */
function synchronize(request: PendingRequest, deferred: Deferred, fd: number, done: () => void): void {
  const call = (request.args[FsyncIn.fsyncFlags]! & FUSE_FSYNC_FDATASYNC) !== 0 ? fdatasync : fsync;
  deferred.holdFor(
    new Promise((resolve) =>
      call(fd, (error) => {
        // libuv's error numbers are the kernel's, negated.
        deferred.answer(request, error === null ? 0 : (error.errno ?? -Errno.EIO));
        done();
        resolve();
      }),
    ),
  );
}

function synchronizeFile(request: PendingRequest, deferred: Deferred): void {
  synchronize(request, deferred, fileOf(deferred.context, request.args, FsyncIn.fh), () => {});
}

function synchronizeDirectory(request: PendingRequest, deferred: Deferred): void {
  // The descriptor may be this request's alone, and it ends before the call does.
  const fd = dup(directoryOf(deferred.context, request.header[InHeader.nodeid]!, request.args, FsyncIn.fh));
  if (fd < 0) deferred.answer(request, fd);
  else synchronize(request, deferred, fd, () => close(fd));
}

/** SYNCFS. The kernel sends it for virtiofs alone today. */
function synchronizeFilesystem(request: Request, _reply: Reply, context: Context): number {
  // syncfs(2) takes no O_PATH descriptor.
  const fd = reopen(context, fdOf(context, request.nodeId), Open.RDONLY | Open.DIRECTORY);
  if (fd < 0) return fd;
  const done = syncfs(fd);
  close(fd);
  return done;
}

export const synchronizeOperations: Operations = {
  FSYNC: { argsBytes: FsyncIn.bytes, handle: defer, deferred: synchronizeFile },
  FSYNCDIR: { argsBytes: FsyncIn.bytes, handle: defer, deferred: synchronizeDirectory },
  SYNCFS: { argsBytes: 8, handle: synchronizeFilesystem },
};
