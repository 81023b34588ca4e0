import type { Command } from "commander";
import { type Mount, type MountOptions, mount } from "../filesystem/index.js";
import { exitNow } from "../linux/libc/exit.js";
import { parseSizeBytes } from "../workloads/index.js";
import { endingSignals, exitCodeOf } from "./exit-codes.js";
import { badOption, choice, wholeNumber } from "./option-values.js";

/** The time that a mount has to end by itself after a signal. */
const PATIENCE_MS = 3000;

interface Options {
  mode: NonNullable<MountOptions["mode"]>;
  transport: NonNullable<MountOptions["transport"]>;
  content: NonNullable<MountOptions["content"]>;
  workers?: number;
  queueDepth?: number;
  option: string[];
  policy?: string;
  cache: NonNullable<MountOptions["cache"]>;
  cacheSeconds?: number;
  watch?: boolean;
  writeback?: boolean;
  maxReadahead?: number;
  daemonReadahead?: number;
  maxIo?: number;
  debug?: boolean;
}

/** A parser of one option's value as commander wants it. */
const countOf = (name: string) => (text: string) => wholeNumber(name, text);

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < 2 ** 31) return value;
  throw badOption("cache-seconds", text, "a number of seconds, 0 or more");
}

export function describe(command: Command): void {
  command
    .summary("mount the passthrough filesystem")
    .description(
      "Mounts a mirror of SOURCE on the empty directory MOUNTPOINT. Serves it in the foreground until an unmount or a signal.",
    )
    .argument("<source>", "the directory to mirror")
    .argument("<mountpoint>", "an empty directory outside of the source")
    .addOption(
      choice("--mode <mode>", "daemon: reads and writes go through the daemon; passthrough: the kernel does them", [
        "auto",
        "daemon",
        "passthrough",
      ]).default("auto"),
    )
    .addOption(
      choice("--transport <transport>", "transport of requests: /dev/fuse or io_uring", ["auto", "device", "io-uring"]).default(
        "auto",
      ),
    )
    .addOption(
      choice("--content <content>", "source: the mirror; zeros: one endless file of zeros", ["source", "zeros"]).default(
        "source",
      ),
    )
    .option("--workers <count>", "number of serving threads (default: one a core; over /dev/fuse 2 to 8)", countOf("workers"))
    .option("--queue-depth <count>", "io_uring: requests in flight for each core (default: 64)", countOf("queue-depth"))
    .addOption(
      choice("--cache <mode>", "kernel caches: nothing, names and attributes for some seconds, or everything", [
        "none",
        "bounded",
        "full",
      ]).default("bounded"),
    )
    .option("--policy <file>", "JavaScript or TypeScript module that decides at each open")
    .option("--cache-seconds <seconds>", "lifetime of names and attributes with --cache bounded (default: 1)", seconds)
    .option("--watch", "invalidate kernel caches when another process changes the source (needs root)")
    .option("--writeback", "daemon mode: keep writes in the page cache for a while; no other process may write to the source")
    .option(
      "--max-readahead <KiB>",
      "largest readahead of the kernel through the daemon (above 128: needs root)",
      countOf("max-readahead"),
    )
    .option(
      "--daemon-readahead <size>",
      "let the daemon read ahead instead of the kernel, for instance 128KB (needs -o ro)",
      (size) => parseSizeBytes(size, "--daemon-readahead") / 1024,
    )
    .option(
      "--max-io <KiB>",
      "largest READ and WRITE request (default: 1024; above: needs fs.fuse.max_pages_limit)",
      countOf("max-io"),
    )
    .option("-o, --option <list>", "mount options: allow_other,default_permissions,ro,…", collectEach, [])
    .option("--debug", "print a line for each request and each answer")
    .addHelpText(
      "after",
      "\nExample:\n  fusemeter mount --mode passthrough -o allow_other,default_permissions /srv/data /mnt/data",
    )
    .action(run);
}

/** Gathers mount options as mount(8) takes them: several in one value, and several values. */
function collectEach(list: string, before: string[]): string[] {
  return [...before, ...list.split(",").filter((option) => option !== "")];
}

async function run(source: string, mountpoint: string, options: Options): Promise<void> {
  let mounted: Mount | undefined;
  let isToldToStop = false;
  const stop = () => {
    isToldToStop = true;
    void mounted?.unmount();
    // Without the right to abort a busy connection, exiting is the only way to end it: the kernel aborts it when the last
    // descriptor closes.
    setTimeout(() => exitNow(exitCodeOf("done")), PATIENCE_MS).unref();
  };
  // Before the mount is there to be seen: another process that sees it may stop it at once.
  for (const signal of endingSignals) process.on(signal, stop);
  mounted = await mount(source, mountpoint, {
    mode: options.mode,
    transport: options.transport,
    content: options.content,
    mountOptions: options.option,
    ...(options.workers !== undefined && { workers: options.workers }),
    ...(options.queueDepth !== undefined && { queueDepth: options.queueDepth }),
    ...(options.policy !== undefined && { policy: options.policy }),
    cache: options.cache,
    ...(options.cacheSeconds !== undefined && { cacheSeconds: options.cacheSeconds }),
    watch: options.watch ?? false,
    writeback: options.writeback ?? false,
    ...(options.maxReadahead !== undefined && { maxReadaheadKiB: options.maxReadahead }),
    ...(options.daemonReadahead !== undefined && { daemonReadaheadKiB: options.daemonReadahead }),
    ...(options.maxIo !== undefined && { maxIoKiB: options.maxIo }),
    debug: options.debug ?? false,
  });
  const why = mounted.whyNotPassthrough === null ? "" : `: ${mounted.whyNotPassthrough}`;
  console.error(
    `fusemeter: ${mounted.source} is mounted on ${mounted.mountpoint} (${mounted.mode} mode${why}, transport ${mounted.transport})`,
  );
  if (isToldToStop) void mounted.unmount();
  await mounted.ended;
}
