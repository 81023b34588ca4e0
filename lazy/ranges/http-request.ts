import http from "node:http";
import https from "node:https";
import { originError, PassingFault } from "./errors.js";

/** The connections of one place. */
export interface Connections {
  readonly http: http.Agent;
  readonly https: https.Agent;
  /** The `Authorization` header for the place's own host; null without a user in its URL. */
  readonly authorization: string | null;
}

const MOST_REDIRECTS = 5;

/**
 * Sends a GET, follows redirects, and waits for the headers of the answer. Its body has not been read.
 *
 * @param idleMs the longest silence, before and inside of the answer
 * @throws {PassingFault} for a broken connection or no answer
 * @throws {FusemeterError} `ORIGIN_REFUSED` for redirects without an end
 */
export async function get(url: URL, connections: Connections, range: string | null, idleMs: number, signal: AbortSignal) {
  let target = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const answer = await send(
      target,
      target.host === url.host ? connections.authorization : null,
      connections,
      range,
      idleMs,
      signal,
    );
    const { statusCode: status = 0, headers } = answer;
    if (status < 300 || status > 399 || headers.location === undefined) return answer;
    dismiss(answer);
    target = follow(target, headers.location);
  }
  throw originError("ORIGIN_REFUSED", `${shown(url)} can't be read`, `it redirects more than ${MOST_REDIRECTS} times`);
}

function follow(from: URL, location: string): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : null;
  const isSafe = target?.protocol === "https:" || (target?.protocol === "http:" && from.protocol === "http:");
  if (target !== null && isSafe) return target;
  throw originError("ORIGIN_REFUSED", `${shown(from)} can't be read`, "it redirects to a place that is not HTTP, or less safe");
}

function send(
  url: URL,
  authorization: string | null,
  connections: Connections,
  range: string | null,
  idleMs: number,
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  const isSecure = url.protocol === "https:";
  const headers: http.OutgoingHttpHeaders = { "accept-encoding": "identity", "user-agent": "fusemeter" };
  if (range !== null) headers.range = range;
  if (authorization !== null) headers.authorization = authorization;
  return new Promise((resolve, reject) => {
    const options = { headers, signal, timeout: idleMs };
    // A user in the URL would become a header of its own, also on another host.
    const target = new URL(url);
    target.username = target.password = "";
    const request = isSecure
      ? https.get(target, { ...options, agent: connections.https }, resolve)
      : http.get(target, { ...options, agent: connections.http }, resolve);
    // A server that sends its headers byte by byte is never silent.
    const answered = setTimeout(
      () => request.destroy(new PassingFault(`it did not answer in ${(2 * idleMs) / 1000} s`)),
      2 * idleMs,
    );
    request.on("response", () => clearTimeout(answered));
    request.on("close", () => clearTimeout(answered));
    request.on("timeout", () => request.destroy(new PassingFault(`it was silent for ${idleMs / 1000} s`)));
    request.on("error", (cause) => reject(cause instanceof PassingFault ? cause : new PassingFault(cause.message, { cause })));
  });
}

/** Ends an answer whose body nobody reads. A short one is read, so that its connection can be used again. */
export function dismiss(answer: http.IncomingMessage): void {
  answer.on("error", () => {});
  if (Number(answer.headers["content-length"] ?? Number.POSITIVE_INFINITY) <= 16 * 1024) answer.resume();
  else answer.destroy();
}

/** A URL for messages, without its user, password and query: signed URLs carry secrets there. */
export function shown({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}
