import type { Reply, Request } from "../protocol/message.js";
import type { OpcodeName } from "../protocol/opcodes.js";
import type { Context } from "../serving/context.js";
import type { PendingRequest } from "../serving/deferral.js";
import type { Deferred } from "./deferred.js";

/**
 * Serves one opcode: reads the request, writes the answer's body, and returns the body's length, -errno, `NO_REPLY` or
 * `ANSWERED_LATER`. The dispatcher has checked that the operation's struct is there in full.
 */
type Handle = (request: Request, reply: Reply, context: Context) => number;

/** The row of an opcode. */
export interface Handler {
  /** The size of the struct before the payload. */
  readonly argsBytes: number;
  readonly handle: Handle;
  /** Serves in the deferred thread the requests that `handle` defers. */
  readonly deferred?: (request: PendingRequest, deferred: Deferred) => void;
}

/** The rows of a family of opcodes. */
export type Operations = Partial<Record<OpcodeName, Handler>>;
