import { z } from "zod";
import type { LoaderStatus, PastRead } from "../loader/index.js";

/** The name of the socket in the store. */
export const SOCKET = "control";

/**
 * A request to the daemon, one line of JSON:
 *
 *     status   its state, once
 *     watch    its state, now and each `everyMs` until the other end is closed
 *     reads    the last reads that have waited
 *     promote  states until everything is there, then the end of the promotion
 */
export const request = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("status") }),
  z.strictObject({ do: z.literal("watch"), everyMs: z.int().min(50).max(60_000) }),
  z.strictObject({ do: z.literal("reads") }),
  z.strictObject({ do: z.literal("promote"), everyMs: z.int().min(50).max(60_000) }),
]);

export type Request = z.infer<typeof request>;

/** The state of a lazy mount. */
export interface LazyStatus extends LoaderStatus {
  readonly origin: string;
  readonly store: string;
  readonly mountpoint: string;
  /** Requests sent to the origin, bytes that arrived from it as packed, repeated requests, and wrong contents. */
  readonly fetched: { readonly requests: number; readonly bytes: number; readonly retries: number; readonly corrupt: number };
  /** The number of reads that have waited. */
  readonly waited: number;
  /** True once the plain tree is in the place of the mount. */
  readonly isPromoted: boolean;
}

/** A line of the answer. */
export type Answer =
  | { readonly status: LazyStatus }
  | { readonly reads: readonly PastRead[] }
  | { readonly promoted: true }
  | { readonly error: { readonly code: string; readonly message: string } };
