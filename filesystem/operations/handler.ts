import type { Reply, Request } from "../protocol/message.js";
import type { Context } from "../serving/context.js";

/**
 * Serves one opcode: reads the request, writes the body of the answer, and returns the body's length, or -errno, or
 * `NO_REPLY`. The dispatcher has checked that the operation's struct is there in full.
 */
export type Handle = (request: Request, reply: Reply, context: Context) => number;

/** A handler, and how large the struct before the payload is. */
export interface Handler {
  readonly argsBytes: number;
  readonly handle: Handle;
}
