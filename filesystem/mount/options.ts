import { FusemeterError, invalidValue } from "../../errors.js";
import { mountFlags } from "../../linux/mounts/mount.js";
import { type CacheMode, type CacheRules, cacheRules } from "../serving/cache-modes.js";
import type { Mode } from "../tables/access.js";

/** How requests arrive: by read(2) and write(2) on /dev/fuse, or over io_uring. */
export type Transport = "device" | "io-uring";

/** How a source is mounted. Everything has a default. */
export interface MountOptions {
  /** Which files the kernel reads and writes itself: `auto` is passthrough where this host can do it, daemon elsewhere. */
  readonly mode?: "auto" | Mode;
  /** `auto` is io_uring where the kernel offers it (Linux 6.14, `fuse.enable_uring=Y` before the mount). */
  readonly transport?: "auto" | Transport;
  /** How many threads serve requests: by default one a core, over /dev/fuse 2 to 8. */
  readonly workers?: number;
  /** Over io_uring: how many requests of one core may be under way. Bounds its memory: cores x depth x 1 MiB at the most. */
  readonly queueDepth?: number;
  /** Options of mount(8): `allow_other`, `default_permissions`, `ro`, `nosuid`, `nodev`, `noexec`, `noatime`, `fsname=NAME`, … */
  readonly mountOptions?: readonly string[];
  /** A JavaScript or TypeScript module that is asked at each open: see `Policy`. */
  readonly policy?: string;
  /** What the kernel may remember: `bounded` by default. */
  readonly cache?: CacheMode;
  /** Tells the kernel at once what others change in the source: what it remembers then holds also where it is not bounded. */
  readonly watch?: boolean;
  /** How long `bounded` is: 1 second by default. */
  readonly cacheSeconds?: number;
  /**
   * Daemon mode alone: writes stay in the mount's page cache until it is written back (close, fsync, memory pressure). The kernel
   * then takes sizes and times of regular files for its own to know: nobody else may write to the source.
   */
  readonly writeback?: boolean;
  /** The most that a daemon read reads ahead. The kernel's default for FUSE is 128 KiB; more takes root. */
  readonly maxReadaheadKiB?: number;
  /** The largest READ and WRITE: 1024 KiB by default, which is all that the kernel allows unless `fs.fuse.max_pages_limit` is raised. */
  readonly maxIoKiB?: number;
  /**
   * How far the daemon reads ahead instead of the kernel: it pushes what is in the source's page cache already into the
   * mount's. Takes the mount option `ro`. Default: it does not.
   */
  readonly daemonReadaheadKiB?: number;
  /** `zeros`: instead of the source, one file of zeros under every name, with nothing behind it. What is left is FUSE's own cost. */
  readonly content?: "source" | "zeros";
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
  /** What stands for the device in mountinfo; null: the source's path. */
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
  readonly debug: boolean;
}

/** Measured: docs/notes/transports.md. */
const DEFAULT_QUEUE_DEPTH = 64;

/** What mount(8) shows as the device instead of the source, as in libfuse. */
const NAME = "fsname=";

/** Options that fuse itself takes in mount(2)'s data. */
const fuseOptions = new Set(["allow_other", "default_permissions"]);

/** Accepted, and the default here or without meaning for the kernel. */
const withoutEffect = new Set(["rw", "suid", "dev", "exec", "atime", "diratime", "async", "defaults"]);

/** @throws FusemeterError for an option that does not exist or can't be */
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
    // The kernel gives up the writeback cache where it has passthrough.
    mode: options.mode === "auto" || options.mode === undefined ? (options.writeback === true ? "daemon" : "auto") : options.mode,
    transport: options.transport ?? "auto",
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
    debug: options.debug ?? false,
  };
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
  // The kernel would not believe what it is told of sizes and times.
  return options.watch === true ? "watching the source" : null;
}

function checkWriteback(options: MountOptions): void {
  if (options.writeback !== true) return;
  const against = excludesWriteback(options);
  if (against === null) return;
  throw new FusemeterError({
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
