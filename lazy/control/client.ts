import { connect } from "node:net";
import { basename, dirname } from "node:path";
import { createInterface } from "node:readline";
import { FusemeterError, messageOf } from "../../errors.js";
import { readStatus } from "../../filesystem/index.js";
import { close, openPath } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import type { PastRead } from "../loader/index.js";
import { TREE } from "../store/index.js";
import { type Answer, type LazyStatus, type Request, SOCKET } from "./messages.js";

/** The store of a mount's source; null if that is no tree of a store. */
export function storeOfSource(source: string): string | null {
  return basename(source) === TREE ? dirname(source) : null;
}

/** The store behind a lazy mount. @throws FusemeterError if it is no lazy mount, or not this user's */
export function storeOf(mountpoint: string): string {
  const store = storeOfSource(readStatus(mountpoint).source);
  if (store !== null) return store;
  throw new FusemeterError({
    code: "NO_LAZY_MOUNT",
    fault: "use",
    problem: `${mountpoint} is no lazy mount`,
    remedy: "name a mountpoint of fusemeter lazy mount",
  });
}

/** The state of the lazy mount whose store this is; null if no daemon serves it. */
export async function lazyStatus(store: string): Promise<LazyStatus | null> {
  try {
    for await (const answer of ask(store, { do: "status" })) if ("status" in answer) return answer.status;
  } catch (error) {
    if (error instanceof FusemeterError && error.code === "NO_LAZY_DAEMON") return null;
    throw error;
  }
  return null;
}

/** The states of a lazy mount, one each `everyMs`, until its daemon ends. */
export async function* watchStatus(store: string, everyMs: number): AsyncGenerator<LazyStatus> {
  for await (const answer of ask(store, { do: "watch", everyMs })) if ("status" in answer) yield answer.status;
}

/** The last reads that have waited, the oldest first. */
export async function pastReads(store: string): Promise<readonly PastRead[]> {
  for await (const answer of ask(store, { do: "reads" })) if ("reads" in answer) return answer.reads;
  return [];
}

/**
 * Has everything fetched and the plain tree put in the place of the mount: the states until then, one each `everyMs`.
 *
 * @throws FusemeterError if that failed, or the daemon has ended before
 */
export async function* promoteBy(store: string, everyMs: number): AsyncGenerator<LazyStatus> {
  for await (const answer of ask(store, { do: "promote", everyMs })) {
    if ("promoted" in answer) return;
    if ("status" in answer) yield answer.status;
  }
  throw noDaemon(store, "it has ended before the promotion");
}

/** Sends a request: the lines of the answer. @throws FusemeterError `NO_LAZY_DAEMON`, or the daemon's own error */
async function* ask(store: string, request: Request): AsyncGenerator<Answer> {
  const directory = openPath(store, Open.PATH | Open.DIRECTORY);
  if (directory < 0) throw noDaemon(store, "the store can't be opened");
  const socket = connect(`/proc/self/fd/${directory}/${SOCKET}`);
  try {
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    socket.on("error", () => {});
    socket.write(`${JSON.stringify(request)}\n`);
    for await (const line of createInterface({ input: socket })) {
      const answer = JSON.parse(line) as Answer;
      if ("error" in answer) throw new FusemeterError({ code: answer.error.code, fault: "host", problem: answer.error.message });
      yield answer;
    }
  } catch (cause) {
    if (cause instanceof FusemeterError) throw cause;
    throw noDaemon(store, messageOf(cause));
  } finally {
    socket.destroy();
    close(directory);
  }
}

function noDaemon(store: string, reason: string): FusemeterError {
  return new FusemeterError({
    code: "NO_LAZY_DAEMON",
    fault: "use",
    problem: `no daemon answers for the store ${store}`,
    reason,
    remedy: "mount it: fusemeter lazy mount",
  });
}
