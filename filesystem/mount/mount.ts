import { hasCapability } from "../../linux/libc/capabilities.js";
import { EventFd } from "../../linux/libc/eventfd.js";
import { descriptorLimit, growDescriptorTable } from "../../linux/libc/limits.js";
import { pageSizeBytes } from "../../linux/libc/page-size.js";
import { connectionAt } from "../../linux/mounts/mountinfo.js";
import { preparePolicy } from "../policies/load.js";
import type { Mode } from "../tables/access.js";
import { DaemonReadahead } from "../tables/daemon-readahead.js";
import { NODES } from "../tables/inode-memory.js";
import { InodeTable } from "../tables/inodes.js";
import { OpenFiles } from "../tables/open-files.js";
import { Statistics } from "../tables/statistics.js";
import { Views } from "../tables/views.js";
import { startThreads } from "../threads/start.js";
import type { ThreadData } from "../threads/thread-data.js";
import { openEnd } from "../transports/device.js";
import { serveArrivals } from "./arrivals.js";
import { attach, detach } from "./attachment.js";
import { negotiate } from "./negotiation.js";
import { checkViews, type MountOptions, type ResolvedOptions, resolveOptions, type Transport } from "./options.js";
import { whyNotPassthrough } from "./passthrough.js";
import { checkFuseDevice, resolveMountpoint, resolveSource } from "./paths.js";
import { checkRequestSize, raiseReadahead } from "./request-size.js";
import { agreedTransport, mayUseRings } from "./rings.js";
import { deviceRoles, ringRoles } from "./roles.js";
import { settingsOf } from "./settings.js";
import { openDirectory, openSource } from "./source.js";
import { stackDepthOver } from "./stacking.js";
import { UndoList } from "./undo-list.js";
import { openWatch, startWatcher } from "./watch.js";

/** The descriptors that a mount makes use of at most: more would cost kernel memory and bring nothing. */
const MOST_DESCRIPTORS = 1 << 16;

/** A mounted filesystem. Disposing it unmounts it. */
export interface Mount extends AsyncDisposable {
  /** Real paths. */
  readonly source: string;
  readonly mountpoint: string;
  readonly mode: Mode;
  readonly transport: Transport;
  /** The reason for which an `auto` mount is not in passthrough mode; null if it is, or if daemon mode was asked for. */
  readonly whyNotPassthrough: string | null;
  readonly workers: number;
  /** Settles when the mount is gone, unmounted by this or another process. Rejects if a thread failed; the mount is then gone too. */
  readonly ended: Promise<void>;
  /** Unmounts. With files still in use, detaches the mount at once and aborts the requests under way. */
  unmount(): Promise<void>;
}

/**
 * Mounts a mirror of the directory `source` on the empty directory `mountpoint` and serves it from worker threads.
 *
 * A process that touches its own mount from the thread that must start or stop it waits for itself: keep the daemon in a
 * process of its own (`fusemeter mount`) unless only other processes use the mount. After the process was killed, `umount`
 * clears the rest.
 *
 * @throws FusemeterError for bad paths or options (`fault` is "use"), and on a host that can't mount so ("host")
 */
export async function mount(source: string, mountpoint: string, options: MountOptions = {}): Promise<Mount> {
  const resolved = resolveOptions(options);
  const from = resolveSource(source);
  const at = resolveMountpoint(mountpoint, from);
  const policy = resolved.policy === null ? null : await preparePolicy(resolved.policy);
  const hasViews = policy !== null && policy.transforms.length > 0;
  checkViews(resolved, hasViews);
  checkFuseDevice();
  checkRequestSize(resolved.maxIoBytes);
  const ioUring = mayUseRings(resolved.transport);
  const undo = new UndoList();
  try {
    const opened = openSource(from, resolved.flags, undo);
    const { root, filesystemType, handleRoot, handleMount } = opened;
    const limit = descriptorLimit();
    // A quarter of the descriptors for nodes, the rest for open files and what the daemon needs itself.
    const nodesWithDescriptor = Math.min(limit, MOST_DESCRIPTORS) >> 2;
    const inodes = InodeTable.create(root, opened.rootStatx, nodesWithDescriptor);
    undo.add(() => closeInodes(inodes));
    const openFiles = OpenFiles.create(limit);
    undo.add(() => new OpenFiles(openFiles).closeAll());
    const views = hasViews ? Views.create(NODES) : null;
    const descriptors = undo.keep(openDirectory("/proc/self/fd"));

    const connection = undo.keep(attach(from, at, resolved));
    const number = connectionAt(at);
    let isAttached = true;
    // Another filesystem may be mounted there once the connection has ended.
    undo.add(() => (isAttached ? detach(at, number) : undefined));
    const agreement = negotiate(connection, {
      passthrough: resolved.mode !== "daemon" && hasCapability("CAP_SYS_ADMIN"),
      ioUring,
      writeback: resolved.writeback,
      cacheSymlinks: resolved.cache.symlinks,
      // A shared mapping of a file past the page cache would keep its inode from passthrough opens, and could be written back as
      // another open's view.
      directMmap: policy === null && resolved.arrivals === null,
      // Readahead that waits for data to arrive must not keep other requests from the daemon.
      maxBackground: resolved.arrivals === null ? 64 : 4096,
      stackDepth: stackDepthOver(filesystemType),
      maxReadaheadKiB: resolved.maxReadaheadKiB,
      maxIoBytes: resolved.maxIoBytes,
    });
    const events = resolved.watch ? undo.keep(openWatch(from, handleRoot, agreement.minor)) : null;
    if (resolved.maxReadaheadKiB !== null) raiseReadahead(at, resolved.maxReadaheadKiB);
    const whyNot = whyNotPassthrough(resolved.mode, connection, agreement);
    const mode: Mode = resolved.mode === "daemon" || whyNot !== null ? "daemon" : "passthrough";
    const transport = agreedTransport(resolved.transport, agreement);
    const settings = settingsOf(resolved, agreement, { source: from, filesystemType, mode, transport, policy, hasViews });

    const newEnd = () => {
      const end = openEnd(connection);
      return end === connection ? end : undo.keep(end);
    };
    const roles = transport === "io-uring" ? ringRoles(resolved, newEnd) : deviceRoles(resolved.workers, newEnd);
    const daemonReadahead = createReadahead(resolved.daemonReadaheadKiB);
    const statistics = Statistics.create(roles.length);
    const wake = undo.keep(new EventFd().fd);
    const watcher = events === null ? null : await startWatcher({ inodes, connection, handleRoot, wake, events });
    if (watcher !== null) {
      undo.add(() => {
        watcher.stop();
        return watcher.ended;
      });
      // Without the watcher the kernel would believe stale caches.
      watcher.ended.catch(() => detach(at, number));
    }
    const arrival = resolved.arrivals?.table ?? null;
    const tables = { inodes, openFiles, statistics, views, daemonReadahead, arrival };
    const shared: ThreadData = { settings, ...tables, connection, descriptors, handleRoot, handleMount };
    const arrivalsPort = resolved.arrivals === null ? null : serveArrivals(resolved.arrivals);
    const starting = startThreads(roles, shared, arrivalsPort, () => detach(at, number));
    // While they start. As many again as nodes may have: opens, and what the daemon needs itself.
    growDescriptorTable(root, 2 * nodesWithDescriptor);
    const threads = await starting;
    const ended = endOf(threads.ended, undo, () => {
      isAttached = false;
    });
    // Callers that never await `ended` must not crash on an unhandled rejection.
    ended.catch(() => {});
    const unmount = async () => {
      detach(at, number);
      await ended;
    };
    return {
      source: from,
      mountpoint: at,
      mode,
      transport,
      whyNotPassthrough: whyNot,
      workers: roles.length,
      ended,
      unmount,
      [Symbol.asyncDispose]: unmount,
    };
  } catch (error) {
    await undo.run().catch(() => {});
    throw error;
  }
}

/** Waits for the end of all threads, then undoes the mount. Rejects with the first failure. */
async function endOf(threads: Promise<void>, undo: UndoList, onEnd: () => void): Promise<void> {
  let failure: { readonly error: unknown } | null = null;
  await threads.catch((error) => {
    failure = { error };
  });
  onEnd();
  const undone = undo.run();
  if (failure === null) return undone;
  await undone.catch(() => {});
  throw (failure as { readonly error: unknown }).error;
}

function closeInodes(memory: SharedArrayBuffer): void {
  const table = new InodeTable(memory);
  table.closeAll();
  table.giveBack();
}

function createReadahead(windowKiB: ResolvedOptions["daemonReadaheadKiB"]): ThreadData["daemonReadahead"] {
  if (windowKiB === null) return null;
  const windowBytes = Math.max(windowKiB * 1024, pageSizeBytes);
  return { memory: DaemonReadahead.create(), windowBytes: windowBytes - (windowBytes % pageSizeBytes) };
}
