import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { FusemeterError, messageOf } from "../../errors.js";
import { PassingFault } from "./errors.js";
import { checkRange, rangeOf, refused } from "./http-answer.js";
import { type Connections, dismiss, get, shown } from "./http-request.js";
import { noTransfers, type Ranges } from "./ranges.js";
import { type Patience, retrying } from "./retries.js";
import { within } from "./signals.js";

/** The slowest server that is waited for. A body that arrives at a lower rate counts as broken. */
const LEAST_BYTES_PER_MS = 16;

/** A file on an HTTP server, or the files beneath a URL. Connections are kept alive. */
export class HttpRanges implements Ranges {
  readonly name: string;
  readonly counts = noTransfers();
  readonly #url: URL;
  readonly #connections: Connections;
  readonly #patience: Patience;

  constructor(url: URL, { connections, patience }: { connections: number; patience: Patience }) {
    this.name = shown(url);
    this.#url = url;
    this.#patience = patience;
    const options = { keepAlive: true, maxSockets: connections, maxFreeSockets: connections };
    const { username, password } = url;
    const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.#connections = {
      http: new http.Agent(options),
      https: new https.Agent(options),
      authorization: username === "" ? null : `Basic ${Buffer.from(user).toString("base64")}`,
    };
  }

  async sizeOf(path: string, signal: AbortSignal): Promise<number> {
    return await this.#retrying(path, signal, async (url, name) => {
      // Not HEAD: addresses that are signed for GET refuse it.
      const answer = await this.#get(url, "bytes=0-0", signal);
      dismiss(answer);
      const { total } = rangeOf(answer, name);
      if (total === null) throw refused(name, "it does not tell its size");
      return total;
    });
  }

  async read(path: string, offset: number, length: number, signal: AbortSignal): Promise<Buffer> {
    return await this.#retrying(path, signal, (url, name) => {
      const limitMs = 2 * this.#patience.idleMs + length / LEAST_BYTES_PER_MS;
      return within(limitMs, signal, async (limited) => {
        const answer = await this.#get(url, `bytes=${offset}-${offset + length - 1}`, limited);
        try {
          checkRange(answer, rangeOf(answer, name), offset, length, name);
          return await this.#bodyOf(answer, length, name);
        } catch (fault) {
          dismiss(answer);
          throw fault;
        }
      });
    });
  }

  async *stream(path: string, offset: number, signal: AbortSignal): AsyncGenerator<Buffer> {
    for (let at = offset; ; this.counts.retries++) {
      // With its first piece: a connection that brings none is an attempt that failed.
      const { answer, total, pieces, first } = await this.#retrying(path, signal, (url, name) =>
        this.#open(url, name, at, signal),
      );
      try {
        for (let piece = first; piece !== null; piece = await nextOf(pieces)) {
          this.counts.bytes += piece.length;
          at += piece.length;
          // A consumer may hold the stream back for long: that is no silence of the server.
          allowSilence(answer, 0);
          yield piece;
          allowSilence(answer, this.#patience.idleMs);
        }
        return;
      } catch (fault) {
        signal.throwIfAborted();
        // A connection that broke after some bytes is made again from there.
        if (!(fault instanceof PassingFault)) throw fault;
        if (at === total) return;
      } finally {
        answer.destroy();
      }
    }
  }

  async #open(url: URL, name: string, at: number, signal: AbortSignal) {
    const answer = await this.#get(url, at === 0 ? null : `bytes=${at}-`, signal);
    try {
      const { first: begin, total } = rangeOf(answer, name);
      if (begin !== at) throw refused(name, "it does not serve ranges");
      const pieces = (answer as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
      return { answer, total, pieces, first: await nextOf(pieces) };
    } catch (fault) {
      dismiss(answer);
      throw fault;
    }
  }

  async close(): Promise<void> {
    this.#connections.http.destroy();
    this.#connections.https.destroy();
  }

  async #retrying<T>(path: string, signal: AbortSignal, attempt: (url: URL, name: string) => Promise<T>): Promise<T> {
    const url = path === "" ? this.#url : this.#urlOf(path);
    const name = shown(url);
    return await retrying(name, this.#patience, this.counts, signal, () => attempt(url, name));
  }

  #urlOf(path: string): URL {
    const url = new URL(this.#url);
    url.pathname = `${url.pathname.replace(/\/$/, "")}/${path.split("/").map(encodeURIComponent).join("/")}`;
    return url;
  }

  async #get(url: URL, range: string | null, signal: AbortSignal): Promise<IncomingMessage> {
    this.counts.requests++;
    return await get(url, this.#connections, range, this.#patience.idleMs, signal);
  }

  /** Reads a body of a known length. One that goes on is cut there. */
  async #bodyOf(answer: IncomingMessage, length: number, name: string): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    try {
      for await (const piece of answer as AsyncIterable<Buffer>) {
        this.counts.bytes += piece.length;
        if (filled + piece.length > length) throw refused(name, `its answer is longer than ${length} bytes`);
        filled += piece.copy(bytes, filled);
      }
    } catch (cause) {
      if (cause instanceof FusemeterError) throw cause;
      pass(cause);
    }
    if (filled < length) throw new PassingFault(`its answer ended after ${filled} of ${length} bytes`);
    return bytes;
  }
}

/** The next piece of a body; null at its end. @throws {PassingFault} for a connection that broke */
async function nextOf(pieces: AsyncIterator<Buffer>): Promise<Buffer | null> {
  const { value, done } = await pieces.next().catch(pass);
  return done === true ? null : value;
}

/** Sets the silence that ends a connection; 0 for none. A body that has ended has left its connection. */
function allowSilence({ socket }: { readonly socket: Socket | null }, ms: number): void {
  socket?.setTimeout(ms);
}

/** A connection that broke. */
function pass(cause: unknown): never {
  throw new PassingFault(`the connection broke: ${messageOf(cause)}`, { cause });
}
