import type { MessagePort } from "node:worker_threads";
import { InHeader } from "../protocol/header.js";
import { ANSWERED_LATER, type Reply, type Request, type Ticket } from "../protocol/message.js";
import type { Context } from "./context.js";

/**
 * A request on its way to the deferred thread, which serves what may take long: its header, its operation's struct, and the ticket by
 * which it is answered.
 */
interface DeferredRequest {
  readonly ticket: Ticket;
  readonly header: Uint32Array;
  readonly args: Uint32Array;
}

/** A deferred request as the deferred thread has it: with the way back to the worker that handed it over. */
export interface PendingRequest extends DeferredRequest {
  readonly port: MessagePort;
}

/** A worker's message to the deferred thread: a request, or the unique id of one whose caller no longer waits. */
export type DeferredMessage = DeferredRequest | { readonly interrupted: readonly [low: number, high: number] };

/** The longest struct that is deferred: struct fuse_lk_in. */
const ARGS_WORDS = 12;

/** Hands a request over to the deferred thread, so that this worker goes on: slow disks, and locks that somebody holds. */
export function defer(request: Request, _reply: Reply | null, context: Context): number {
  context.deferred.postMessage({
    ticket: request.ticket,
    header: request.header.slice(0, InHeader.bytes / 4),
    args: request.args.slice(0, ARGS_WORDS),
  } satisfies DeferredMessage);
  return ANSWERED_LATER;
}
