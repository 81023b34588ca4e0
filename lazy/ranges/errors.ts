import { FusemeterError } from "../../errors.js";

/** The codes of the errors of a place that content comes from. */
export type OriginCode =
  /** No answer, a broken connection, 5xx, or too slow: the same fetch may succeed later. */
  | "ORIGIN_UNAVAILABLE"
  /** The origin has no such thing, gives no access to it, or can't serve ranges. */
  | "ORIGIN_REFUSED"
  /** The content has another digest, also when it was fetched again. */
  | "ORIGIN_CORRUPT";

export function originError(code: OriginCode, problem: string, reason: string | null, cause?: unknown): FusemeterError {
  return new FusemeterError({ code, fault: "host", problem, reason, cause });
}

/** True where a later fetch of the same chunk may succeed: try again after a pause. False: a reader gets EIO. */
export function mayTryAgain(error: unknown): boolean {
  return error instanceof FusemeterError && error.code === ("ORIGIN_UNAVAILABLE" satisfies OriginCode);
}

/** A fault of a transport that may pass: it is tried again, and becomes `ORIGIN_UNAVAILABLE` after the last attempt. */
export class PassingFault extends Error {
  /** The pause that the server asks for; 0 where it asks for none. */
  readonly pauseMs: number;

  constructor(message: string, { pauseMs = 0, cause }: { pauseMs?: number; cause?: unknown } = {}) {
    super(message, { cause });
    this.pauseMs = pauseMs;
  }
}
