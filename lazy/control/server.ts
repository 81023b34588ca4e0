import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { FusemeterError, messageOf } from "../../errors.js";
import { close, openPath } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import { peerUserOf } from "../../linux/libc/sockets.js";
import type { PastRead } from "../loader/index.js";
import { type Answer, type LazyStatus, type Request, request, SOCKET } from "./messages.js";

/** The daemon's side of its control socket. */
export interface Controlled {
  readonly status: LazyStatus;
  readonly reads: readonly PastRead[];
  /** Waits until everything is there, then puts the plain tree in the place of the mount. */
  promote(): Promise<void>;
}

/** The longest request. */
const MOST_REQUEST_BYTES = 4096;

/**
 * Serves a control socket in a store. Only the daemon's user and root may connect: by the modes of the store and of the socket, and each
 * peer is asked for by SO_PEERCRED.
 */
export class ControlServer {
  readonly #server: Server;
  readonly #directory: number;
  readonly #sockets = new Set<Socket>();

  /** @param store its path */
  static async listen(store: string, controlled: Controlled): Promise<ControlServer> {
    const directory = openPath(store, Open.PATH | Open.DIRECTORY);
    if (directory < 0) throw new Error(`the store ${store} can't be opened`);
    // A path of its own would be too long for a socket's address beyond 107 bytes.
    const path = `/proc/self/fd/${directory}/${SOCKET}`;
    const control = new ControlServer(directory, controlled);
    try {
      rmSync(path, { force: true });
      await new Promise<void>((resolve, reject) => control.#server.once("error", reject).listen(path, resolve));
      chmodSync(path, 0o600);
    } catch (cause) {
      close(directory);
      const problem = `the control socket in ${store} can't be made`;
      throw new FusemeterError({ code: "NO_CONTROL", fault: "host", problem, reason: messageOf(cause), cause });
    }
    return control;
  }

  private constructor(directory: number, controlled: Controlled) {
    this.#directory = directory;
    this.#server = createServer((socket) => {
      if (!mayAsk(socket)) {
        socket.destroy();
        return;
      }
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket)).on("error", () => {});
      serve(socket, controlled);
    });
  }

  /** Ends all connections and removes the socket. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    rmSync(`/proc/self/fd/${this.#directory}/${SOCKET}`, { force: true });
    close(this.#directory);
  }
}

/** True if the process at the other end belongs to root or to this process's user. */
function mayAsk(socket: Socket): boolean {
  // Node has no public way to a socket's descriptor.
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd?: number } };
  const user = handle?.fd === undefined ? -1 : peerUserOf(handle.fd);
  return user === 0 || user === process.getuid!();
}

function serve(socket: Socket, controlled: Controlled): void {
  let received = 0;
  socket.on("data", ({ length }) => {
    received += length;
    if (received > MOST_REQUEST_BYTES) socket.destroy();
  });
  createInterface({ input: socket }).once("line", (text) => {
    const answer = (line: Answer) => void socket.write(`${JSON.stringify(line)}\n`);
    const parsed = request.safeParse(jsonOf(text));
    if (!parsed.success) {
      answer({ error: { code: "BAD_REQUEST", message: "this is no request that the daemon knows" } });
      socket.end();
      return;
    }
    obey(parsed.data, controlled, socket, answer).catch((error: unknown) => {
      const code = error instanceof FusemeterError ? error.code : "INTERNAL";
      answer({ error: { code, message: messageOf(error) } });
      socket.end();
    });
  });
}

async function obey(asked: Request, controlled: Controlled, socket: Socket, answer: (line: Answer) => void): Promise<void> {
  const tell = () => answer({ status: controlled.status });
  if (asked.do === "reads") answer({ reads: controlled.reads });
  else tell();
  if (asked.do === "status" || asked.do === "reads") {
    socket.end();
    return;
  }
  const timer = setInterval(() => {
    // A reader that has stopped must not fill this process's memory.
    if (!socket.writableNeedDrain) tell();
  }, asked.everyMs);
  socket.on("close", () => clearInterval(timer));
  if (asked.do === "watch") return;
  try {
    await controlled.promote();
  } finally {
    clearInterval(timer);
  }
  answer({ promoted: true });
  socket.end();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
