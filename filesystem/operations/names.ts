import { Errno } from "../../linux/libc/errno.js";
import { At } from "../../linux/libc/flags.js";
import { emptyString } from "../../linux/libc/memory.js";
import { linkat, mkdirat, mknodat, readlinkat, renameat2, symlinkat, unlinkat } from "../../linux/libc/names.js";
import { EntryOut, encodeEntry } from "../protocol/attributes.js";
import type { Reply, Request } from "../protocol/message.js";
import { LinkIn, MkdirIn, MknodIn, Rename2In, RenameIn } from "../protocol/names.js";
import type { Context } from "../serving/context.js";
import { fdOf } from "../serving/node.js";
import { descriptorName } from "../serving/reopen.js";
import { answerNew, lookUp, writeEntry } from "./entry.js";
import type { Operations } from "./handler.js";

function lookup(request: Request, reply: Reply, context: Context): number {
  const bad = request.checkName();
  if (bad < 0) return bad;
  const nodeId = lookUp(context, fdOf(context, request.nodeId), request.dataAddress);
  if (nodeId === -Errno.ENOENT) {
    // Node 0 lets the kernel remember that the name does not exist.
    const { entryTimeout, attrTimeout } = context.settings;
    encodeEntry(reply.words, 0, 0, 0, entryTimeout, attrTimeout, null);
    return EntryOut.bytes;
  }
  return nodeId < 0 ? nodeId : writeEntry(context, reply, nodeId);
}

function mkdir(request: Request, reply: Reply, context: Context): number {
  const bad = request.checkName();
  if (bad < 0) return bad;
  const directory = fdOf(context, request.nodeId);
  const made = context.caller.make(request, request.args[MkdirIn.umask]!, () =>
    mkdirat(directory, request.dataAddress, request.args[MkdirIn.mode]!),
  );
  return made < 0 ? made : answerNew(context, reply, directory, request.dataAddress);
}

function mknod(request: Request, reply: Reply, context: Context): number {
  const bad = request.checkName();
  if (bad < 0) return bad;
  const directory = fdOf(context, request.nodeId);
  context.caller.mayKeepSetId(true);
  const made = context.caller.make(request, request.args[MknodIn.umask]!, () =>
    mknodat(directory, request.dataAddress, request.args[MknodIn.mode]!, request.args[MknodIn.rdev]!),
  );
  return made < 0 ? made : answerNew(context, reply, directory, request.dataAddress);
}

/** The payload is the new name, then the target, which may be any string. */
function symlink(request: Request, reply: Reply, context: Context): number {
  const end = request.nameEnd(request.payloadStart);
  if (end < 0) return end;
  const targetEnd = request.payload.indexOf(0, end + 1);
  if (targetEnd < 0 || targetEnd >= request.payloadEnd) return -Errno.EINVAL;
  const directory = fdOf(context, request.nodeId);
  const made = context.caller.make(request, 0, () => symlinkat(request.payloadAddress + end + 1, directory, request.dataAddress));
  return made < 0 ? made : answerNew(context, reply, directory, request.dataAddress);
}

function link(request: Request, reply: Reply, context: Context): number {
  const bad = request.checkName();
  if (bad < 0) return bad;
  const target = fdOf(context, request.args[LinkIn.oldnodeid + 1] === 0 ? request.args[LinkIn.oldnodeid]! : 0);
  const directory = fdOf(context, request.nodeId);
  const made = linkat(context.descriptors, descriptorName(context, target), directory, request.dataAddress, At.SYMLINK_FOLLOW);
  if (made < 0) return made;
  const nodeId = lookUp(context, directory, request.dataAddress);
  return nodeId < 0 ? nodeId : writeEntry(context, reply, nodeId);
}

function readlink(request: Request, reply: Reply, context: Context): number {
  return readlinkat(fdOf(context, request.nodeId), emptyString.address, reply.address, Math.min(reply.capacity, 4096));
}

function remove(request: Request, context: Context, flags: number): number {
  const bad = request.checkName();
  return bad < 0 ? bad : unlinkat(fdOf(context, request.nodeId), request.dataAddress, flags);
}

function unlink(request: Request, _reply: Reply, context: Context): number {
  return remove(request, context, 0);
}

function rmdir(request: Request, _reply: Reply, context: Context): number {
  return remove(request, context, At.REMOVEDIR);
}

function move(request: Request, context: Context, flags: number): number {
  const end = request.nameEnd(request.payloadStart);
  if (end < 0) return end;
  const newEnd = request.nameEnd(end + 1);
  if (newEnd < 0) return newEnd;
  const newDirectory = fdOf(context, request.args[RenameIn.newdir + 1] === 0 ? request.args[RenameIn.newdir]! : 0);
  const newName = request.payloadAddress + end + 1;
  return renameat2(fdOf(context, request.nodeId), request.dataAddress, newDirectory, newName, flags);
}

function rename(request: Request, _reply: Reply, context: Context): number {
  return move(request, context, 0);
}

function rename2(request: Request, _reply: Reply, context: Context): number {
  return move(request, context, request.args[Rename2In.flags]!);
}

export const nameOperations: Operations = {
  LOOKUP: { argsBytes: 0, handle: lookup },
  MKDIR: { argsBytes: MkdirIn.bytes, handle: mkdir },
  MKNOD: { argsBytes: MknodIn.bytes, handle: mknod },
  SYMLINK: { argsBytes: 0, handle: symlink },
  READLINK: { argsBytes: 0, handle: readlink },
  LINK: { argsBytes: LinkIn.bytes, handle: link },
  UNLINK: { argsBytes: 0, handle: unlink },
  RMDIR: { argsBytes: 0, handle: rmdir },
  RENAME: { argsBytes: RenameIn.bytes, handle: rename },
  RENAME2: { argsBytes: Rename2In.bytes, handle: rename2 },
};
