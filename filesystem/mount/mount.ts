import { FusemeterError } from "../../errors.js";
import { fstatfs, statxOf } from "../../linux/libc/attributes.js";
import { hasCapability } from "../../linux/libc/capabilities.js";
import { errnoName } from "../../linux/libc/errno.js";
import { EventFd } from "../../linux/libc/eventfd.js";
import { FileHandle } from "../../linux/libc/file-handles.js";
import { close, memfdCreate, openPath } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import { closeBacking, openBacking } from "../../linux/libc/fuse-device.js";
import { descriptorLimit, growDescriptorTable } from "../../linux/libc/limits.js";
import { emptyString, Memory } from "../../linux/libc/memory.js";
import { pageSizeBytes } from "../../linux/libc/page-size.js";
import { openByOwnMount, sourceAttributesOf } from "../../linux/mounts/mount.js";
import { preparePolicy } from "../policies/load.js";
import { Statfs } from "../protocol/statfs.js";
import { hasStableListings, mayReportLate } from "../serving/cache-modes.js";
import type { Settings } from "../serving/context.js";
import type { Mode } from "../tables/access.js";
import { DaemonReadahead } from "../tables/daemon-readahead.js";
import { InodeTable, NODES } from "../tables/inodes.js";
import { OpenFiles } from "../tables/open-files.js";
import { Statistics } from "../tables/statistics.js";
import { Views } from "../tables/views.js";
import { startThreads } from "../threads/start.js";
import type { ThreadData } from "../threads/thread-data.js";
import { openEnd } from "../transports/device.js";
import { attach, detach } from "./attachment.js";
import { type Agreement, negotiate } from "./negotiation.js";
import { type MountOptions, resolveOptions, type Transport } from "./options.js";
import { checkFuseDevice, resolveMountpoint, resolveSource } from "./paths.js";
import { checkRequestSize, raiseReadahead } from "./request-size.js";
import { deviceRoles, mayUseRings, noRings, ringRoles } from "./roles.js";
import { stackDepthOver } from "./stacking.js";
import { openWatch, startWatcher, type Watcher } from "./watch.js";

/** However many this process may have: more would cost kernel memory and bring nothing. */
const MOST_DESCRIPTORS = 1 << 16;

/** A mounted filesystem. Disposing it unmounts it. */
export interface Mount extends AsyncDisposable {
  /** Real paths. */
  readonly source: string;
  readonly mountpoint: string;
  readonly mode: Mode;
  readonly transport: Transport;
  /** Why an `auto` mount is not in passthrough mode; null where it is, or where daemon mode was asked for. */
  readonly whyNotPassthrough: string | null;
  readonly workers: number;
  /** Settles when the mount is gone, whoever unmounted it. Rejects where a worker failed; the mount is then gone too. */
  readonly ended: Promise<void>;
  /** Unmounts. Where files are still in use: detaches the mount at once and aborts what is under way. */
  unmount(): Promise<void>;
}

/**
 * Mounts a mirror of the directory `source` on the empty directory `mountpoint` and serves it from worker threads.
 *
 * A process that touches its own mount from the thread that must start or stop it waits for itself: keep the daemon in a
 * process of its own (`fusemeter mount`) unless the mount is used by others alone. Where the process is killed, `umount`
 * clears what is left.
 *
 * @throws FusemeterError where it can't be: bad places or options (exit code 2), a host that can't do it (3)
 */
export async function mount(source: string, mountpoint: string, options: MountOptions = {}): Promise<Mount> {
  const resolved = resolveOptions(options);
  const from = resolveSource(source);
  const at = resolveMountpoint(mountpoint, from);
  const policy = resolved.policy === null ? null : await preparePolicy(resolved.policy);
  const hasViews = policy !== null && policy.transforms.length > 0;
  if (hasViews && resolved.writeback) throw noWriteback();
  checkFuseDevice();
  const open: number[] = [];
  const keep = (fd: number) => {
    open.push(fd);
    return fd;
  };
  let mounted = false;
  try {
    checkRequestSize(resolved.maxIoBytes);
    const root = openRoot(from, sourceAttributesOf(resolved.flags));
    const statx = new Memory(256);
    statxOf(root, statx.address);
    const sourceType = filesystemType(root);
    const limit = descriptorLimit();
    // A quarter of the descriptors for nodes, the rest for open files and what the daemon needs itself.
    const nodesWithDescriptor = Math.min(limit, MOST_DESCRIPTORS) >> 2;
    const inodes = InodeTable.create(keep(root), statx.words, nodesWithDescriptor);
    const openFiles = OpenFiles.create(limit);
    const views = hasViews ? Views.create(NODES) : null;
    const handles = handleRoot(root, keep);
    const descriptors = keep(opened("/proc/self/fd", Open.PATH | Open.DIRECTORY));
    const ioUring = mayUseRings(resolved.transport);
    const connection = keep(attach(from, at, resolved));
    mounted = true;
    const agreement = negotiate(connection, {
      passthrough: resolved.mode !== "daemon" && hasCapability("CAP_SYS_ADMIN"),
      ioUring,
      writeback: resolved.writeback,
      cacheSymlinks: resolved.cache.symlinks,
      // A shared mapping of a file past the page cache would keep its inode from passthrough opens, and could be written back as
      // another open's view.
      directMmap: policy === null,
      stackDepth: stackDepthOver(sourceType),
      maxReadaheadKiB: resolved.maxReadaheadKiB,
      maxIoBytes: resolved.maxIoBytes,
    });
    const events = resolved.watch ? keep(openWatch(from, handles.handleRoot, agreement.minor)) : null;
    if (resolved.maxReadaheadKiB !== null) raiseReadahead(at, resolved.maxReadaheadKiB);
    const whyNotPassthrough = resolved.mode === "daemon" ? null : obstacle(connection, agreement);
    if (resolved.mode === "passthrough" && whyNotPassthrough !== null) throw noPassthrough(whyNotPassthrough);
    const transport: Transport = agreement.init.flags.has("OVER_IO_URING") ? "io-uring" : "device";
    if (resolved.transport === "io-uring" && transport === "device") throw noRings();
    const settings: Settings = {
      source: from,
      transport,
      minor: agreement.minor,
      mode: resolved.mode === "daemon" || whyNotPassthrough !== null ? "daemon" : "passthrough",
      content: resolved.content,
      ...resolved.cache,
      pages: resolved.cache.pages && !hasViews,
      policy,
      reportsLate: mayReportLate(sourceType),
      openlessDirectories:
        resolved.cacheMode === "full" && agreement.offered.has("NO_OPENDIR_SUPPORT") && hasStableListings(sourceType),
      negotiated: agreement.init.flags,
      maxWriteBytes: agreement.init.maxWrite,
      writeback: agreement.init.flags.has("WRITEBACK_CACHE"),
      debug: resolved.debug,
    };
    const newEnd = () => {
      const end = openEnd(connection);
      return end === connection ? end : keep(end);
    };
    const roles = transport === "io-uring" ? ringRoles(resolved, newEnd) : deviceRoles(resolved.workers, newEnd);
    const daemonReadahead = createReadahead(resolved.daemonReadaheadKiB);
    const statistics = Statistics.create(roles.length);
    const shared = { settings, inodes, openFiles, statistics, views, daemonReadahead, connection, descriptors, ...handles };
    const wake = new EventFd();
    open.push(wake.fd);
    const watching = { inodes, connection, handleRoot: handles.handleRoot, wake: wake.fd };
    const watcher = events === null ? null : await startWatcher({ ...watching, events });
    // Without it the kernel would believe what is no longer so.
    watcher?.ended.catch(() => detach(at));
    const starting = startThreads(roles, shared, () => detach(at));
    // While they start. As many again as nodes may have: opens, and what the daemon needs itself.
    growDescriptorTable(root, 2 * nodesWithDescriptor);
    const threads = await starting;
    const ended = endOf(threads.ended, watcher).finally(() => {
      new OpenFiles(openFiles).closeAll();
      const table = new InodeTable(inodes);
      table.closeAll();
      table.giveBack();
      for (const fd of open) close(fd);
    });
    // Who does not ask must not be ended by it.
    ended.catch(() => {});
    const unmount = async () => {
      detach(at);
      await ended;
    };
    return {
      source: from,
      mountpoint: at,
      mode: settings.mode,
      transport,
      whyNotPassthrough,
      workers: roles.length,
      ended,
      unmount,
      [Symbol.asyncDispose]: unmount,
    };
  } catch (error) {
    if (mounted) detach(at);
    for (const fd of open) close(fd);
    throw error;
  }
}

/** The source's root. What it is asked to be read-only or to do with access times takes a mount of its own, where this user may have one. */
function openRoot(source: string, attributes: number | null): number {
  const unseen = attributes === null ? -1 : openByOwnMount(source, attributes);
  return unseen >= 0 ? unseen : opened(source, Open.PATH | Open.DIRECTORY);
}

function opened(path: string, flags: number): number {
  const fd = openPath(path, flags);
  if (fd < 0) throw new Error(`open ${path}: ${errnoName(-fd)}`);
  return fd;
}

/** `f_type` of statfs(2). */
function filesystemType(directory: number): number {
  const statfs = new Memory(Statfs.bytes);
  fstatfs(directory, statfs.address);
  return statfs.words[Statfs.type]!;
}

function createReadahead(windowKiB: number | null): ThreadData["daemonReadahead"] {
  if (windowKiB === null) return null;
  const windowBytes = Math.max(windowKiB * 1024, pageSizeBytes);
  return { memory: DaemonReadahead.create(), windowBytes: windowBytes - (windowBytes % pageSizeBytes) };
}

/** The end of all threads: the watcher's comes last. */
async function endOf(threads: Promise<void>, watcher: Watcher | null): Promise<void> {
  try {
    await threads;
  } finally {
    watcher?.stop();
    await watcher?.ended;
  }
}

/** A directory to open file handles by, and its mount's id; -1 where the filesystem has none or this user may not. */
function handleRoot(root: number, keep: (fd: number) => number): { handleRoot: number; handleMount: number } {
  const none = { handleRoot: -1, handleMount: -1 };
  const directory = openPath(`/proc/self/fd/${root}`, Open.RDONLY | Open.DIRECTORY);
  if (directory < 0) return none;
  keep(directory);
  const handle = new FileHandle();
  const again = handle.take(directory) === 0 ? handle.open(directory, Open.PATH | Open.CLOEXEC) : -1;
  if (again < 0) return none;
  close(again);
  return { handleRoot: directory, handleMount: handle.mountId };
}

/** Why the kernel can't read and write backing files itself here, in a few words; null where it can. */
function obstacle(connection: number, agreement: Agreement): string | null {
  if (!agreement.offered.has("PASSTHROUGH"))
    return "this kernel has no FUSE passthrough (Linux 6.9 with CONFIG_FUSE_PASSTHROUGH has)";
  if (!hasCapability("CAP_SYS_ADMIN")) return "passthrough needs CAP_SYS_ADMIN";
  const file = memfdCreate(emptyString.address, 0);
  const backingId = openBacking(connection, file);
  close(file);
  if (backingId < 0) return `the kernel refused a backing file (${errnoName(-backingId)})`;
  closeBacking(connection, backingId);
  return null;
}

function noWriteback(): FusemeterError {
  return new FusemeterError({
    code: "WRITEBACK_EXCLUDED",
    fault: "use",
    problem: "the writeback cache and a policy with transforms exclude each other",
    remedy: "leave one of them out",
  });
}

function noPassthrough(why: string): FusemeterError {
  return new FusemeterError({
    code: "NO_PASSTHROUGH",
    fault: "host",
    problem: "passthrough is not possible",
    reason: why,
    remedy: "use mode daemon or auto",
  });
}
