import { Errno } from "../../linux/libc/errno.js";
import { getxattr, listxattr, removexattr, setxattr } from "../../linux/libc/extended-attributes.js";
import { FUSE_SETXATTR_ACL_KILL_SGID, GetxattrIn, GetxattrOut, SetxattrIn } from "../protocol/extended-attributes.js";
import type { Reply, Request } from "../protocol/message.js";
import type { Context } from "../serving/context.js";
import { fdOf } from "../serving/node.js";
import { descriptorPath } from "../serving/reopen.js";
import type { Operations } from "./handler.js";
import { asksForStatus, statusText } from "./status.js";

/** The position of the NUL of an attribute's name; or -EINVAL. */
function nameEnd(request: Request): number {
  const end = request.payload.indexOf(0, request.payloadStart);
  return end < 0 || end >= request.payloadEnd ? -Errno.EINVAL : end;
}

function set(request: Request, _reply: Reply, context: Context): number {
  const end = nameEnd(request);
  if (end < 0) return end;
  const size = request.args[SetxattrIn.size]!;
  if (size > request.payloadEnd - end - 1) return -Errno.EINVAL;
  const extended = context.settings.negotiated.has("SETXATTR_EXT");
  const kills = extended && (request.args[SetxattrIn.setxattrFlags]! & FUSE_SETXATTR_ACL_KILL_SGID) !== 0;
  context.caller.mayKeepSetId(!kills);
  const path = descriptorPath(context, fdOf(context, request.nodeId));
  const value = request.payloadAddress + end + 1;
  return setxattr(path, request.dataAddress, value, size, request.args[SetxattrIn.flags]!);
}

function get(request: Request, reply: Reply, context: Context): number {
  const end = nameEnd(request);
  if (end < 0) return end;
  const size = Math.min(request.args[GetxattrIn.size]!, reply.capacity);
  if (asksForStatus(request, end)) return answerText(reply, size, statusText(context));
  const path = descriptorPath(context, fdOf(context, request.nodeId));
  return answer(reply, size, getxattr(path, request.dataAddress, reply.address, size));
}

function list(request: Request, reply: Reply, context: Context): number {
  const size = Math.min(request.args[GetxattrIn.size]!, reply.capacity);
  const path = descriptorPath(context, fdOf(context, request.nodeId));
  return answer(reply, size, listxattr(path, reply.address, size));
}

function remove(request: Request, _reply: Reply, context: Context): number {
  const end = nameEnd(request);
  if (end < 0) return end;
  return removexattr(descriptorPath(context, fdOf(context, request.nodeId)), request.dataAddress);
}

function answerText(reply: Reply, size: number, text: Buffer): number {
  if (size > 0 && size < text.length) return -Errno.ERANGE;
  text.copy(reply.bytes, 0, 0, size);
  return answer(reply, size, text.length);
}

/** A size of 0 asks how much room is needed. */
function answer(reply: Reply, size: number, length: number): number {
  if (length < 0 || size > 0) return length;
  reply.words[GetxattrOut.size] = length;
  reply.words[GetxattrOut.size + 1] = 0;
  return GetxattrOut.bytes;
}

export const extendedAttributeOperations: Operations = {
  SETXATTR: { argsBytes: SetxattrIn.bytesWithoutExt, handle: set },
  GETXATTR: { argsBytes: GetxattrIn.bytes, handle: get },
  LISTXATTR: { argsBytes: GetxattrIn.bytes, handle: list },
  REMOVEXATTR: { argsBytes: 0, handle: remove },
};
