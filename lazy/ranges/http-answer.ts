import type { IncomingMessage } from "node:http";
import { originError, PassingFault } from "./errors.js";

/** The range of an answer: its first byte, its length, and the size of the whole. */
export interface Answered {
  readonly first: number;
  /** Null: to the end of the body. */
  readonly length: number | null;
  /** Null: the server does not tell it. */
  readonly total: number | null;
}

/** Statuses that may pass: a timeout, too many requests, and faults inside of the server. */
const isPassing = (status: number) => status === 408 || status === 425 || status === 429 || status >= 500;

/**
 * The range that an answer holds, by its status and headers.
 *
 * @param name the URL for messages
 * @throws {PassingFault} for a status that may pass
 * @throws {FusemeterError} `ORIGIN_REFUSED` for any other that is no content
 */
export function rangeOf(answer: IncomingMessage, name: string): Answered {
  const { statusCode: status = 0, headers } = answer;
  if (isPassing(status)) throw new PassingFault(`it answered ${status}`, { pauseMs: secondsOf(headers["retry-after"]) * 1000 });
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") throw refused(name, `its answer is encoded (${encoding.slice(0, 40)}), which has no ranges`);
  const length = headers["content-length"] === undefined ? null : Number(headers["content-length"]);
  if (status === 200) return { first: 0, length, total: length };
  if (status !== 206) throw refused(name, `it answered ${status}`);
  const [, first, last, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(headers["content-range"] ?? "") ?? [];
  if (first === undefined) throw refused(name, "it answered 206 without a valid Content-Range");
  return { first: Number(first), length: Number(last) - Number(first) + 1, total: total === "*" ? null : Number(total) };
}

/** `Retry-After` in seconds; 0 for none, and for a date. */
function secondsOf(header: string | undefined): number {
  return /^\d{1,6}$/.test(header ?? "") ? Number(header) : 0;
}

/** Checks that an answer is exactly the range that was asked for. @throws {FusemeterError} `ORIGIN_REFUSED` */
export function checkRange(
  answer: IncomingMessage,
  { first, length }: Answered,
  offset: number,
  wanted: number,
  name: string,
): void {
  // A server without ranges is of use for a file that is wanted whole.
  if (answer.statusCode === 200 && !(offset === 0 && length === wanted)) throw refused(name, "it does not serve ranges");
  if (first === offset && length === wanted) return;
  const end = length === null ? "" : first + length - 1;
  throw refused(name, `it answered the range ${first}-${end} to the question for ${offset}-${offset + wanted - 1}`);
}

export function refused(name: string, reason: string) {
  return originError("ORIGIN_REFUSED", `${name} can't be read`, reason);
}
