import { accessSync, constants } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../errors.js";
import { abortConnection } from "../../linux/mounts/abort.js";
import { connectionAt, mountsBelow } from "../../linux/mounts/mountinfo.js";
import { unmount } from "../../linux/mounts/unmount.js";
import { AS_FOUND, type ReadaheadSetting } from "../../results/index.js";
import { argvOf, type Backend } from "../backends/backend.js";
import { type MountedDaemon, mountDaemon } from "../backends/mounted-daemon.js";
import type { Workspace } from "../files/workspace.js";
import { withInitWindow } from "../readahead/setting.js";
import { setWindows } from "../readahead/windows.js";

/** A daemon's late start-up work is over after this long without any. */
const QUIET_MS = 20;

/** One mount of a round, or native. */
export interface RoundMount {
  readonly backend: Backend;
  /** The place in the random order in which the round mounted. */
  readonly order: number;
  /** The tree for the reader. */
  readonly path: string;
  /** The processes of the daemon; none for native. */
  pids(): readonly number[];
  /** The number of the FUSE connection; null for native, and for a mount that is not FUSE. */
  readonly connection: number | null;
  /** The file that is 0 when no request is under way. Null for native, for a mount that is not FUSE, and where it can't be read. */
  readonly waiting: string | null;
  /** A sentence that says how the daemon ended, or that it hung; null while it serves. */
  failure(): string | null;
  /** Fails all requests, those under way too. @param reason the sentence that `failure` then gives */
  abort(reason: string): void;
}

/** The mounts of a round by their key, or the reason why one is missing. Disposing unmounts all. */
export interface RoundMounts extends AsyncDisposable {
  readonly byKey: ReadonlyMap<string, RoundMount | string>;
}

/** A mount that cells may share: a backend with the readahead of its mount. */
export interface MountSetting {
  readonly backend: Backend;
  readonly readahead: ReadaheadSetting;
}

/** The windows that a mount has from its start. */
export function mountKey({ backend, readahead: { mountKiB, initKiB } }: MountSetting): string {
  return JSON.stringify(backend.command === null ? [backend.name] : [backend.name, mountKiB, initKiB]);
}

function nativeMount(backend: Backend, order: number, path: string): RoundMount {
  const hasNoDaemon = { pids: () => [], connection: null, waiting: null, failure: () => null, abort() {} };
  return { backend, order, path, ...hasNoDaemon };
}

type Tree = Pick<Workspace, "source" | "mountpoint">;

/** The number of requests under way, or queued, of a FUSE connection: its `waiting` in fusectl. Null where this user can't read it. */
function waitingOf(connection: number | null): string | null {
  if (connection === null) return null;
  const path = `/sys/fs/fuse/connections/${connection}/waiting`;
  try {
    accessSync(path, constants.R_OK);
    return path;
  } catch {
    return null;
  }
}

/** Ends a connection. Where fusectl can't be written, the daemon is killed: the kernel then ends the connection by itself. */
function endConnection(at: string, waiting: string | null, pids: readonly number[]): void {
  if (waiting !== null) abortConnection(at);
  for (const pid of waiting === null ? pids : []) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

function roundMount(backend: Backend, order: number, path: string, daemon: MountedDaemon<null>): RoundMount {
  const connection = connectionAt(path);
  const waiting = waitingOf(connection);
  const hadProcesses = daemon.processes().length > 0;
  let hung: string | null = null;
  const ended = () => {
    const end = daemon.end();
    if (end !== null) return `the daemon ended (${end})`;
    return hadProcesses && daemon.processes().length === 0 ? "the daemon ended in the background" : null;
  };
  return {
    backend,
    order,
    path,
    pids: daemon.processes,
    connection,
    waiting,
    failure: () => hung ?? ended(),
    abort(reason) {
      hung ??= reason;
      endConnection(path, waiting, daemon.processes());
    },
  };
}

/** Unmounts, also the mounts that a command has stacked below its own folder. */
async function takeDown(daemon: AsyncDisposable, folder: string): Promise<void> {
  await daemon[Symbol.asyncDispose]();
  for (const point of mountsBelow(folder).reverse()) await unmount(point);
}

/** A mount of a round with all that must be taken down after it. */
type TakenUp = AsyncDisposable & { readonly mount: RoundMount };

async function mountOne({ backend, readahead }: MountSetting, order: number, tree: Tree, signal: AbortSignal): Promise<TakenUp> {
  // A folder of its own: a command may make others beside its mountpoint.
  const folder = `${tree.mountpoint}-${order}`;
  const at = join(folder, "mount");
  await mkdir(at, { recursive: true });
  const daemon = await mountDaemon({
    name: backend.name,
    argv: argvOf(withInitWindow(backend, readahead), tree.source, at),
    mountpoint: at,
    attach: () => null,
    quietMs: QUIET_MS,
    signal,
  });
  try {
    setWindows({ ...AS_FOUND, mountKiB: readahead.mountKiB }, at, tree.source)[Symbol.dispose]();
    const mount = roundMount(backend, order, at, daemon);
    return { mount, [Symbol.asyncDispose]: () => takeDown(daemon, folder) };
  } catch (error) {
    await takeDown(daemon, folder);
    throw error;
  }
}

/** Disposes of all, those that come after one that fails too. @throws the first failure */
async function disposeAll(all: readonly AsyncDisposable[]): Promise<void> {
  const ends = await Promise.allSettled(all.map(async (one) => one[Symbol.asyncDispose]()));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/**
 * Mounts every backend afresh, one after the other. A backend that does not mount is left out of this round.
 *
 * @param settings in the order in which they are to be mounted; no two with one key
 * @throws the signal's reason when aborted
 */
export async function mountRound(settings: readonly MountSetting[], tree: Tree, signal: AbortSignal): Promise<RoundMounts> {
  const taken: TakenUp[] = [];
  const byKey = new Map<string, RoundMount | string>();
  try {
    for (const [order, setting] of settings.entries()) {
      const key = mountKey(setting);
      if (setting.backend.command === null) byKey.set(key, nativeMount(setting.backend, order, tree.source));
      else byKey.set(key, await mountOrReason(setting, order, tree, signal, taken));
    }
  } catch (error) {
    await disposeAll(taken);
    throw error;
  }
  return { byKey, [Symbol.asyncDispose]: () => disposeAll(taken) };
}

async function mountOrReason(
  setting: MountSetting,
  order: number,
  tree: Tree,
  signal: AbortSignal,
  taken: TakenUp[],
): Promise<RoundMount | string> {
  try {
    const one = await mountOne(setting, order, tree, signal);
    taken.push(one);
    return one.mount;
  } catch (error) {
    signal.throwIfAborted();
    return messageOf(error);
  }
}
