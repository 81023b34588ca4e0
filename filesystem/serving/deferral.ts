import { InHeader } from "../protocol/header.js";
import { ANSWERED_LATER, type Reply, type Request, type Ticket } from "../protocol/message.js";
import type { Context } from "./context.js";

/**
 * A request on its way to the waiter, the thread for what may take long: its header and its operation's struct, and the
 * ticket to answer it by.
 */
export interface Deferred {
  readonly ticket: Ticket;
  readonly header: Uint32Array;
  readonly args: Uint32Array;
}

/** The longest struct that is deferred: struct fuse_lk_in. */
const ARGS_WORDS = 12;

/** Hands a request over to the waiter, so that this worker goes on: slow disks, and locks that somebody holds. */
export function defer(request: Request, _reply: Reply | null, context: Context): number {
  const deferred: Deferred = {
    ticket: request.ticket,
    header: request.header.slice(0, InHeader.bytes / 4),
    args: request.args.slice(0, ARGS_WORDS),
  };
  context.waiter.postMessage(deferred);
  return ANSWERED_LATER;
}
