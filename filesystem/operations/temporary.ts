import { close, openat } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import { Memory } from "../../linux/libc/memory.js";
import { EntryOut } from "../protocol/attributes.js";
import { CreateIn, OpenOut } from "../protocol/files.js";
import type { Reply, Request } from "../protocol/message.js";
import type { Context } from "../serving/context.js";
import { fdOf } from "../serving/node.js";
import { adoptOpen, writeEntry } from "./entry.js";
import { answerOpen, decideOpen, keepingSetId, sourceFlags } from "./files.js";
import type { Operations } from "./handler.js";

const here = Memory.string(".");

/** TMPFILE: a file without a name. A later LINK may give it one. */
function temporaryFile(request: Request, reply: Reply, context: Context): number {
  const { args } = request;
  const directory = fdOf(context, request.nodeId);
  const decision = decideOpen(request, context, { directory, name: null }, args[CreateIn.flags]!);
  const flags =
    sourceFlags(args[CreateIn.flags]!, context.settings.writeback) |
    (args[CreateIn.flags]! & Open.EXCL) |
    Open.TMPFILE |
    Open.DIRECTORY |
    Open.CLOEXEC;
  const fd = context.caller.make(request, args[CreateIn.umask]!, () =>
    openat(directory, here.address, flags, args[CreateIn.mode]!),
  );
  if (fd < 0) return fd;
  const nodeId = adoptOpen(context, fd);
  if (nodeId < 0) {
    close(fd);
    return nodeId;
  }
  writeEntry(context, reply, nodeId);
  return (
    answerOpen(
      context,
      reply,
      EntryOut.bytes / 4,
      nodeId,
      fd,
      args[CreateIn.flags]!,
      keepingSetId(context, args[CreateIn.flags]!, decision),
    ) || EntryOut.bytes + OpenOut.bytes
  );
}

export const temporaryOperations: Operations = {
  TMPFILE: { argsBytes: CreateIn.bytes, handle: temporaryFile },
};
