import { FusemeterError, invalidValue } from "../../errors.js";
import { mountFlags } from "../../linux/mounts/mount.js";
import type { Arrivals } from "../serving/arrival.js";
import { type CacheMode, type CacheRules, cacheRules } from "../serving/cache-modes.js";
import type { Mode } from "../tables/access.js";

/** The transport of requests: read(2) and write(2) on /dev/fuse, or io_uring. */
export type Transport = "device" | "io-uring";

/** The options of a mount. Each has a default. */
export interface MountOptions {
  /** The party that reads and writes files: `auto`, the default, is the kernel (passthrough) if this host can do that, else the daemon. */
  readonly mode?: "auto" | Mode;
  /** `auto`, the default, is io_uring if the kernel offers it (Linux 6.14, `fuse.enable_uring=Y` before the mount). */
  readonly transport?: "auto" | Transport;
  /** The number of threads that serve requests: by default one a core, over /dev/fuse 2 to 8. */
  readonly workers?: number;
  /** The number of requests of one core that may be under way over io_uring. Bounds its memory: cores x depth x 1 MiB at the most. */
  readonly queueDepth?: number;
  /** Options of mount(8): `allow_other`, `default_permissions`, `ro`, `nosuid`, `nodev`, `noexec`, `noatime`, `fsname=NAME`, … */
  readonly mountOptions?: readonly string[];
  /** A JavaScript or TypeScript module that is asked at each open: see `Policy`. */
  readonly policy?: string;
  /** The caches of the kernel: `bounded` by default. */
  readonly cache?: CacheMode;
  /** Invalidates the kernel's caches as soon as another process changes the source, so that unlimited cache times stay correct. */
  readonly watch?: boolean;
  /** The lifetime of `bounded` caches in seconds: 1 by default. */
  readonly cacheSeconds?: number;
  /**
   * Daemon mode alone: writes stay in the mount's page cache until it is written back (close, fsync, memory pressure). The kernel
   * then keeps sizes and times of regular files itself: no other process may write to the source.
   */
  readonly writeback?: boolean;
  /** The largest readahead of the kernel through the daemon. Its default for FUSE is 128 KiB; more needs root. */
  readonly maxReadaheadKiB?: number;
  /** The largest READ and WRITE: 1024 KiB by default, which is all that the kernel allows unless `fs.fuse.max_pages_limit` is raised. */
  readonly maxIoKiB?: number;
  /**
   * The window by which the daemon reads ahead instead of the kernel: it pushes pages that are in the source's page cache into the
   * mount's. Needs the mount option `ro`. Without this option the kernel reads ahead.
   */
  readonly daemonReadaheadKiB?: number;
  /** `zeros`: instead of the source, one file of zeros under every name, with nothing behind it. Its cost is FUSE's own. */
  readonly content?: "source" | "zeros";
  /**
   * The source's files are still arriving: reads of what is missing wait, and holes are not told. Needs the mount option `ro`; requests come
   * over /dev/fuse, since a waiting read would keep its place in a ring.
   */
  readonly arrivals?: Arrivals;
  /** Writes a line for each request and each answer to standard error. */
  readonly debug?: boolean;
}

/** Options with every default in its place. */
export interface ResolvedOptions {
  readonly mode: "auto" | Mode;
  readonly transport: "auto" | Transport;
  /** Null: the transport's own number. */
  readonly workers: number | null;
  readonly queueDepth: number;
  readonly flags: number;
  readonly data: readonly string[];
  /** The name in the place of the device in mountinfo; null: the source's path. */
  readonly name: string | null;
  readonly policy: string | null;
  readonly cacheMode: CacheMode;
  readonly cache: CacheRules;
  readonly watch: boolean;
  readonly writeback: boolean;
  readonly maxReadaheadKiB: number | null;
  readonly daemonReadaheadKiB: number | null;
  readonly maxIoBytes: number;
  readonly content: "source" | "zeros";
  readonly arrivals: Arrivals | null;
  readonly debug: boolean;
}

/** Measured: docs/notes/transports.md. */
const DEFAULT_QUEUE_DEPTH = 64;

/** The option with the name that mount(8) shows instead of the source, as in libfuse. */
const NAME = "fsname=";

/** Options that fuse itself takes in mount(2)'s data. */
const fuseOptions = new Set(["allow_other", "default_permissions"]);

/** Accepted options that are the default here or have no meaning for the kernel. */
const withoutEffect = new Set(["rw", "suid", "dev", "exec", "atime", "diratime", "async", "defaults"]);

/** Checks options and fills in the defaults. @throws FusemeterError for an unknown option or a bad value */
export function resolveOptions(options: MountOptions): ResolvedOptions {
  let flags = 0;
  let name: string | null = null;
  const data = new Set<string>();
  for (const option of options.mountOptions ?? []) {
    if (option.startsWith(NAME)) name = option.slice(NAME.length);
    else if (Object.hasOwn(mountFlags, option)) flags |= mountFlags[option]!;
    else if (fuseOptions.has(option)) data.add(option);
    else if (!withoutEffect.has(option)) {
      const known = [...fuseOptions, `${NAME}…`, ...Object.keys(mountFlags)].join(", ");
      throw invalidValue("mount option", option, `one of ${known}`, "MOUNT_OPTION_UNKNOWN");
    }
  }
  checkRange("WORKERS_OUT_OF_RANGE", "number of workers", options.workers, 64);
  checkRange("QUEUE_DEPTH_OUT_OF_RANGE", "queue depth", options.queueDepth, 1024);
  checkRange("READAHEAD_OUT_OF_RANGE", "readahead in KiB", options.maxReadaheadKiB, 1 << 20, 0);
  checkRange("MAX_IO_OUT_OF_RANGE", "request size in KiB", options.maxIoKiB, 65535 * 4, 4);
  checkRange("DAEMON_READAHEAD_OUT_OF_RANGE", "daemon readahead in KiB", options.daemonReadaheadKiB, 16 * 1024);
  checkDaemonReadahead(options);
  checkWriteback(options);
  checkArrivals(options);
  if (options.policy !== undefined && options.content === "zeros") {
    throw new FusemeterError({
      code: "POLICY_EXCLUDED",
      fault: "use",
      problem: "a mount of zeros takes no policy",
      remedy: "leave out the policy or the zeros",
    });
  }
  const cacheMode = options.cache ?? "bounded";
  return {
    // The kernel gives up the writeback cache of a mount with passthrough.
    mode: options.mode === "auto" || options.mode === undefined ? (options.writeback === true ? "daemon" : "auto") : options.mode,
    transport: options.arrivals !== undefined ? "device" : (options.transport ?? "auto"),
    workers: options.workers ?? null,
    queueDepth: options.queueDepth ?? DEFAULT_QUEUE_DEPTH,
    flags,
    data: [...data],
    name,
    policy: options.policy ?? null,
    cacheMode,
    cache: cacheRules(cacheMode, options.cacheSeconds ?? 1),
    watch: options.watch ?? false,
    writeback: options.writeback ?? false,
    // The daemon reads ahead instead of the kernel, not as well.
    maxReadaheadKiB: options.maxReadaheadKiB ?? (options.daemonReadaheadKiB === undefined ? null : 0),
    daemonReadaheadKiB: options.daemonReadaheadKiB ?? null,
    maxIoBytes: (options.maxIoKiB ?? 1024) * 1024,
    content: options.content ?? "source",
    arrivals: options.arrivals ?? null,
    debug: options.debug ?? false,
  };
}

/** The options that can't be had while files arrive, each with its reason. */
function excludesArrivals(options: MountOptions): string | null {
  if (options.mountOptions?.includes("ro") !== true) return "they need the mount option ro";
  if (options.transport === "io-uring") return "a waiting read would keep its place in a ring";
  if (options.policy !== undefined) return "a policy would see holes";
  if (options.daemonReadaheadKiB !== undefined) return "the daemon's readahead would push holes";
  return options.content === "zeros" ? "a mount of zeros has no files" : null;
}

/** @throws FusemeterError if an option can't be had while files arrive */
function checkArrivals(options: MountOptions): void {
  const reason = options.arrivals === undefined ? null : excludesArrivals(options);
  if (reason === null) return;
  throw new FusemeterError({
    code: "ARRIVALS_EXCLUDED",
    fault: "use",
    problem: "files can't arrive in such a mount",
    reason,
    remedy: "change that option",
  });
}

/** A push and a write of the same page can't be put in order: the older data could win. */
function checkDaemonReadahead({ daemonReadaheadKiB, mountOptions }: MountOptions): void {
  if (daemonReadaheadKiB === undefined || mountOptions?.includes("ro") === true) return;
  throw new FusemeterError({
    code: "DAEMON_READAHEAD_NEEDS_RO",
    fault: "use",
    problem: "the daemon can read ahead only on a read-only mount",
    remedy: "add the mount option ro",
  });
}

function excludesWriteback(options: MountOptions): string | null {
  if (options.mode === "passthrough") return "passthrough mode";
  if (options.cache === "none") return "cache none";
  // With the writeback cache the kernel does not take sizes and times from the daemon.
  return options.watch === true ? "watching the source" : null;
}

function checkWriteback(options: MountOptions): void {
  if (options.writeback !== true) return;
  const against = excludesWriteback(options);
  if (against !== null) throw writebackExcludes(against);
}

/** @throws FusemeterError if a policy has transforms and writes would stay in the page cache */
export function checkViews({ writeback }: ResolvedOptions, hasViews: boolean): void {
  if (hasViews && writeback) throw writebackExcludes("a policy with transforms");
}

function writebackExcludes(against: string): FusemeterError {
  return new FusemeterError({
    code: "WRITEBACK_EXCLUDED",
    fault: "use",
    problem: `the writeback cache and ${against} exclude each other`,
    remedy: "leave one of them out",
  });
}

function checkRange(code: string, what: string, value: number | undefined, most: number, least = 1): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw invalidValue(what, value, `a whole number from ${least} to ${most}`, code);
}
