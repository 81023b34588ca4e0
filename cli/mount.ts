import type { Command } from "commander";
import { type Mount, type MountOptions, mount } from "../filesystem/index.js";
import { exitNow } from "../linux/libc/exit.js";
import { parseSizeBytes } from "../workloads/index.js";
import { endingSignals, exitCodeOf } from "./exit-codes.js";
import { badOption, choice, wholeNumber } from "./option-values.js";

/** How long a mount that was told to stop may take to end by itself. */
const PATIENCE_MS = 3000;

interface Words {
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
    .summary("the filesystem by itself")
    .description(
      "Mounts a mirror of SOURCE on the empty directory MOUNTPOINT, in the foreground, until it is unmounted or told to stop.",
    )
    .argument("<source>", "the directory to mirror")
    .argument("<mountpoint>", "an empty directory outside of it")
    .addOption(choice("--mode <mode>", "the side that reads and writes files", ["auto", "daemon", "passthrough"]).default("auto"))
    .addOption(
      choice("--transport <transport>", "the way of requests to the daemon", ["auto", "device", "io-uring"]).default("auto"),
    )
    .addOption(
      choice("--content <content>", "zeros: one endless file of zeros, for the cost of FUSE alone", ["source", "zeros"]).default(
        "source",
      ),
    )
    .option(
      "--workers <count>",
      "threads that serve requests (default: one a core; over /dev/fuse from 2 to 8)",
      countOf("workers"),
    )
    .option("--queue-depth <count>", "over io_uring: requests of one core under way (default: 64)", countOf("queue-depth"))
    .addOption(
      choice("--cache <mode>", "kernel caches: nothing; names and attributes for some seconds; everything", [
        "none",
        "bounded",
        "full",
      ]).default("bounded"),
    )
    .option("--policy <file>", "a JavaScript or TypeScript module that is asked at each open")
    .option("--cache-seconds <seconds>", "how long --cache bounded is (default: 1)", seconds)
    .option("--watch", "tells the kernel at once what others change in the source (root)")
    .option("--writeback", "daemon mode: writes stay in the page cache for a while; nobody else may write to the source")
    .option(
      "--max-readahead <KiB>",
      "the most that the kernel reads ahead through the daemon (more than 128 takes root)",
      countOf("max-readahead"),
    )
    .option(
      "--daemon-readahead <size>",
      "the daemon reads ahead instead of the kernel: it pushes what the source has in memory (for instance 128KB; takes -o ro)",
      (size) => parseSizeBytes(size, "--daemon-readahead") / 1024,
    )
    .option("--max-io <KiB>", "the largest READ and WRITE (default: 1024; more takes fs.fuse.max_pages_limit)", countOf("max-io"))
    .option("-o, --option <list>", "mount options: allow_other,default_permissions,ro,…", collectEach, [])
    .option("--debug", "a line for each request and each answer")
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

async function run(source: string, mountpoint: string, words: Words): Promise<void> {
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
    mode: words.mode,
    transport: words.transport,
    content: words.content,
    mountOptions: words.option,
    ...(words.workers !== undefined && { workers: words.workers }),
    ...(words.queueDepth !== undefined && { queueDepth: words.queueDepth }),
    ...(words.policy !== undefined && { policy: words.policy }),
    cache: words.cache,
    ...(words.cacheSeconds !== undefined && { cacheSeconds: words.cacheSeconds }),
    watch: words.watch ?? false,
    writeback: words.writeback ?? false,
    ...(words.maxReadahead !== undefined && { maxReadaheadKiB: words.maxReadahead }),
    ...(words.daemonReadahead !== undefined && { daemonReadaheadKiB: words.daemonReadahead }),
    ...(words.maxIo !== undefined && { maxIoKiB: words.maxIo }),
    debug: words.debug ?? false,
  });
  const why = mounted.whyNotPassthrough === null ? "" : `: ${mounted.whyNotPassthrough}`;
  console.error(
    `fusemeter: ${mounted.source} is mounted on ${mounted.mountpoint} (${mounted.mode} mode${why}, transport ${mounted.transport})`,
  );
  if (isToldToStop) void mounted.unmount();
  await mounted.ended;
}
