import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { messageOf } from "../../errors.js";
import { abortConnection } from "../../linux/mounts/abort.js";
import { connectionAt } from "../../linux/mounts/mountinfo.js";
import { AS_FOUND, type ReadaheadSetting } from "../../results/index.js";
import { argvOf, type Backend } from "../backends/backend.js";
import { mountDaemon } from "../backends/mounted-daemon.js";
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
  /** The file that is 0 when no request is under way; none for native. */
  readonly inFlight: readonly string[];
  /** The end of the daemon in one line; null while it serves. */
  end(): string | null;
  abort(): void;
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
  return { backend, order, path, pids: () => [], connection: null, inFlight: [], end: () => null, abort() {} };
}

type Tree = Pick<Workspace, "source" | "mountpoint">;

async function mountOne({ backend, readahead }: MountSetting, order: number, tree: Tree, signal: AbortSignal) {
  const at = `${tree.mountpoint}-${order}`;
  await mkdir(at, { recursive: true });
  const daemon = await mountDaemon({
    name: backend.name,
    argv: argvOf(withInitWindow(backend, readahead), tree.source, at),
    mountpoint: at,
    attach: () => null,
    quietMs: QUIET_MS,
    signal,
  });
  setWindows({ ...AS_FOUND, mountKiB: readahead.mountKiB }, at, tree.source)[Symbol.dispose]();
  const connection = connectionAt(at);
  const waiting = `/sys/fs/fuse/connections/${connection}/waiting`;
  const mount: RoundMount = {
    backend,
    order,
    path: at,
    pids: daemon.processes,
    connection,
    inFlight: existsSync(waiting) ? [waiting] : [],
    end: daemon.end,
    abort: () => abortConnection(at),
  };
  return { daemon, mount };
}

/**
 * Mounts every backend afresh, one after the other. A backend that does not mount is left out of this round.
 *
 * @param settings in the order in which they are to be mounted; no two with one key
 * @throws the signal's reason when aborted
 */
export async function mountRound(settings: readonly MountSetting[], tree: Tree, signal: AbortSignal): Promise<RoundMounts> {
  const daemons: AsyncDisposable[] = [];
  const byKey = new Map<string, RoundMount | string>();
  const unmountAll = async () => {
    for (const daemon of daemons.reverse()) await daemon[Symbol.asyncDispose]();
  };
  try {
    for (const [order, setting] of settings.entries()) {
      const key = mountKey(setting);
      if (setting.backend.command === null) byKey.set(key, nativeMount(setting.backend, order, tree.source));
      else byKey.set(key, await mountOrReason(setting, order, tree, signal, daemons));
    }
  } catch (error) {
    await unmountAll();
    throw error;
  }
  return { byKey, [Symbol.asyncDispose]: unmountAll };
}

async function mountOrReason(
  setting: MountSetting,
  order: number,
  tree: Tree,
  signal: AbortSignal,
  daemons: AsyncDisposable[],
): Promise<RoundMount | string> {
  try {
    const { daemon, mount } = await mountOne(setting, order, tree, signal);
    daemons.push(daemon);
    return mount;
  } catch (error) {
    signal.throwIfAborted();
    return messageOf(error);
  }
}
