import { Errno } from "../../linux/libc/errno.js";
import { SetxattrIn } from "../protocol/extended-attributes.js";
import type { Reply, Request } from "../protocol/message.js";
import { OPCODES, Opcode } from "../protocol/opcodes.js";
import type { Context, Settings } from "../serving/context.js";
import { Refusal, returnBorrowed } from "../serving/node.js";
import { logFault } from "./log.js";
import { handlers } from "./table.js";

/** The size of the struct before an opcode's payload: a transport that gets one message splits it there. */
export function argsBytesOf(opcode: number, settings: Settings): number {
  // The one struct that has grown since the oldest ABI that is spoken.
  if (opcode === Opcode.SETXATTR && settings.negotiated.has("SETXATTR_EXT")) return SetxattrIn.bytes;
  return handlers.source[opcode]?.argsBytes ?? 0;
}

/**
 * Serves one request: the length of the body that was written, -errno, `NO_REPLY` or `ANSWERED_LATER`. Never throws: a malformed
 * request is EINVAL, an unknown one ENOSYS, and a fault of ours EIO, so that every request has its answer.
 */
export function dispatch(request: Request, reply: Reply, context: Context): number {
  const { opcode } = request;
  const handler = handlers[context.settings.content][opcode];
  if (opcode < OPCODES) context.requests[opcode]!++;
  if (handler === undefined) return -Errno.ENOSYS;
  if (request.argsBytes < handler.argsBytes || request.payloadEnd < request.payloadStart) return -Errno.EINVAL;
  try {
    return handler.handle(request, reply, context);
  } catch (fault) {
    if (fault instanceof Refusal) return -fault.errno;
    logFault(request, fault);
    return -Errno.EIO;
  } finally {
    if (context.registers.borrowed.length > 0) returnBorrowed(context);
  }
}
