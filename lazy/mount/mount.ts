import { FusemeterError } from "../../errors.js";
import { type Mount, mount } from "../../filesystem/index.js";
import { hasCapability } from "../../linux/libc/capabilities.js";
import { connectionAt } from "../../linux/mounts/mountinfo.js";
import type { LazyStatus } from "../control/index.js";
import { Loader, type PastRead, prefetchOrder, TraceRecorder } from "../loader/index.js";
import type { Manifest } from "../manifest/index.js";
import type { Origin } from "../origins/index.js";
import { Store } from "../store/index.js";
import { clearDeadMount } from "./clear.js";

/** The options of a lazy mount. Each has a default. */
export interface LazyMountOptions {
  /** The time after which a read that waits fails with EIO; asked again, it waits anew. Without it reads wait for as long as it takes. */
  readonly readTimeoutMs?: number;
  /** The limit in bytes per second for what nobody waits for. Without it that gets what the link has to spare. */
  readonly backgroundRate?: number;
  /** A file for the trace of what is read. Nothing else is fetched meanwhile, so that each first read is seen. */
  readonly record?: string;
  /** A file with such a trace: its chunks come before the rest. */
  readonly prefetch?: string;
  /** Options of mount(8) beside `ro`. By default `nosuid`, `nodev`, `allow_other`, `default_permissions`; `suid` and `dev` take those back. */
  readonly mountOptions?: readonly string[];
}

/** A tree that is mounted while it arrives. */
export interface LazyMount extends AsyncDisposable {
  readonly mountpoint: string;
  /** The path of the store, and of the tree in it. */
  readonly store: string;
  readonly tree: string;
  /** The options of mount(8) in force. */
  readonly mountOptions: readonly string[];
  /** The reason for which complete files are not read by the kernel itself; null if they are. */
  readonly whyNotPassthrough: string | null;
  readonly status: LazyStatus;
  /** The last reads that have waited, the oldest first. */
  readonly reads: readonly PastRead[];
  /** True while this mount is the one at its mountpoint. */
  readonly isInPlace: boolean;
  /** Settles when all has arrived and the tree in the store is the whole tree. Rejects if the store fails. */
  readonly complete: Promise<void>;
  /** Has everything fetched, also where only what is waited for was to be. */
  finish(): void;
  /** Settles when the mount is gone and nobody uses it any more. */
  readonly ended: Promise<void>;
  unmount(): Promise<void>;
}

const usualOptions = ["nosuid", "nodev", "allow_other", "default_permissions"];
const opposites: Readonly<Record<string, string>> = { suid: "nosuid", dev: "nodev" };

function mountOptionsOf(given: readonly string[] = []): string[] {
  const withdrawn = new Set(given.map((option) => opposites[option]));
  return [...new Set(["ro", ...usualOptions.filter((option) => !withdrawn.has(option)), ...given])];
}

/**
 * Mounts a tree on an empty directory, and fetches it from an origin into a store meanwhile. A store that is there is gone on with.
 *
 * @param origin is closed with the mount
 * @throws FusemeterError if the store or the mountpoint can't be used, or this user may not mount so
 */
export async function mountLazily(
  manifest: Manifest,
  origin: Origin,
  storePath: string,
  mountpoint: string,
  options: LazyMountOptions = {},
): Promise<LazyMount> {
  if (!hasCapability("CAP_SYS_ADMIN")) {
    throw new FusemeterError({
      code: "LAZY_NEEDS_ROOT",
      fault: "host",
      problem: "a tree can't be mounted while it arrives",
      reason: "its owners, passthrough and the promotion need CAP_SYS_ADMIN",
      remedy: "run as root",
    });
  }
  const prefetch = prefetchOrder(manifest, options.prefetch ?? null);
  const store = await Store.open(storePath, manifest);
  let recorder: TraceRecorder | null = null;
  let loader: Loader | null = null;
  const close = async () => {
    loader?.stop();
    await origin.close();
    await store.close();
    recorder?.[Symbol.dispose]();
  };
  try {
    recorder = options.record === undefined ? null : new TraceRecorder(options.record, (chunk) => store.pathOfChunk(chunk));
    const started = new Loader(store, origin, manifest, {
      readTimeoutMs: options.readTimeoutMs ?? null,
      backgroundRate: recorder === null ? (options.backgroundRate ?? null) : 0,
      prefetch,
      onWait: (_read, chunks) => recorder?.note(chunks),
    });
    loader = started;
    clearDeadMount(mountpoint, store.tree);
    const mountOptions = mountOptionsOf(options.mountOptions);
    const mounted = await mount(store.tree, mountpoint, {
      // The tree never changes, and its arrival is not told as a change.
      cache: "full",
      mountOptions,
      transport: "device",
      arrivals: { table: store.table, waitFor: (read, signal) => started.waitFor(read, signal) },
    });
    started.start();
    const parts = { store, origin, loader: started, mounted, mountOptions };
    return lazyMountOf(parts, mounted.ended.finally(close));
  } catch (error) {
    await close();
    throw error;
  }
}

interface Parts {
  readonly store: Store;
  readonly origin: Origin;
  readonly loader: Loader;
  readonly mounted: Mount;
  readonly mountOptions: readonly string[];
}

function lazyMountOf({ store, origin, loader, mounted, mountOptions }: Parts, ended: Promise<void>): LazyMount {
  // Callers that never await `ended` must not crash on an unhandled rejection.
  ended.catch(() => {});
  const { mountpoint } = mounted;
  const connection = connectionAt(mountpoint);
  const isInPlace = () => connectionAt(mountpoint) === connection;
  const unmount = async () => {
    await mounted.unmount();
    await ended;
  };
  return {
    mountpoint,
    store: store.path,
    tree: store.tree,
    mountOptions,
    whyNotPassthrough: mounted.whyNotPassthrough,
    complete: loader.complete,
    ended,
    get isInPlace() {
      return isInPlace();
    },
    get status() {
      return {
        ...loader.status,
        origin: origin.name,
        store: store.path,
        mountpoint,
        fetched: { ...origin.counts },
        waited: loader.past.count,
        isPromoted: !isInPlace(),
      };
    },
    get reads() {
      return loader.past.last;
    },
    finish: () => loader.finish(),
    unmount,
    [Symbol.asyncDispose]: unmount,
  };
}
