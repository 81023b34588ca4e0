import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A request as the server saw it. */
interface Seen {
  readonly path: string;
  readonly range: string | null;
  readonly headers: IncomingMessage["headers"];
}

/** Answers one request in its own way; false: the server answers it as usual. */
export type Fault = (response: ServerResponse, seen: Seen, count: number) => boolean | Promise<boolean>;

export interface Server {
  readonly url: string;
  readonly seen: Seen[];
  /** The connections that were made. */
  readonly connections: () => number;
  /** The most requests that were under way at once. */
  readonly mostAtOnce: () => number;
}

/** An HTTP server with ranges for the files of a directory, for as long as the test runs. */
export async function serve(root: string, fault: Fault = () => false): Promise<Server> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  let [connections, atOnce, most] = [0, 0, 0];
  const server = createServer(async (request, response) => {
    most = Math.max(most, ++atOnce);
    response.on("close", () => atOnce--);
    const entry = {
      path: decodeURIComponent(request.url!.split("?")[0]!),
      range: request.headers.range ?? null,
      headers: request.headers,
    };
    seen.push(entry);
    if (await fault(response, entry, seen.length)) return;
    answer(response, root, entry);
  });
  server.on("connection", (socket) => {
    connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, seen, connections: () => connections, mostAtOnce: () => most };
}

function answer(response: ServerResponse, root: string, { path, range }: Seen): void {
  let content: Buffer;
  try {
    content = readFileSync(join(root, path));
  } catch {
    response.writeHead(404).end("not here");
    return;
  }
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
  if (first === undefined) {
    response.writeHead(200, { "content-length": content.length }).end(content);
    return;
  }
  const begin = Number(first);
  const end = Math.min(last === "" ? content.length : Number(last) + 1, content.length);
  if (begin >= content.length) {
    response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
    return;
  }
  const part = content.subarray(begin, end);
  response
    .writeHead(206, { "content-range": `bytes ${begin}-${end - 1}/${content.length}`, "content-length": part.length })
    .end(part);
}
