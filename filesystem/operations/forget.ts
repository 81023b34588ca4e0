import { NO_REPLY, type Reply, type Request } from "../protocol/message.js";
import { BatchForgetIn, ForgetIn, ForgetOne } from "../protocol/names.js";
import { readU64 } from "../protocol/words.js";
import type { Context } from "../serving/context.js";
import type { Operations } from "./handler.js";

function forget(request: Request, _reply: Reply, context: Context): number {
  context.inodes.forget(request.nodeId, readU64(request.args, ForgetIn.nlookup));
  return NO_REPLY;
}

function batchForget(request: Request, _reply: Reply, context: Context): number {
  const room = Math.floor((request.payloadEnd - request.payloadStart) / ForgetOne.bytes);
  const count = Math.min(request.args[BatchForgetIn.count]!, room);
  const words = new Uint32Array(
    request.payload.buffer,
    request.payload.byteOffset + request.payloadStart,
    (count * ForgetOne.bytes) / 4,
  );
  for (let at = 0; at < words.length; at += ForgetOne.bytes / 4) {
    const nodeId = words[at + ForgetOne.nodeid + 1] === 0 ? words[at + ForgetOne.nodeid]! : 0;
    context.inodes.forget(nodeId, readU64(words, at + ForgetOne.nlookup));
  }
  return NO_REPLY;
}

export const forgetOperations: Operations = {
  FORGET: { argsBytes: ForgetIn.bytes, handle: forget },
  BATCH_FORGET: { argsBytes: BatchForgetIn.bytes, handle: batchForget },
};
