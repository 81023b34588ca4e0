import type { Command } from "commander";
import { readManifest } from "../lazy/manifest/index.js";
import { type LazyMount, type LazyMountOptions, mountLazily } from "../lazy/mount/index.js";
import { openOrigin, parseLink } from "../lazy/origins/index.js";
import { serveControl } from "../lazy/promote/index.js";
import { exitNow } from "../linux/libc/exit.js";
import { parseSizeBytes } from "../workloads/index.js";
import { endingSignals, exitCodeOf } from "./exit-codes.js";
import { collect, numberAbove } from "./option-values.js";

/** The time that a mount has to end by itself after a signal. */
const PATIENCE_MS = 3000;

/** The options as commander has parsed them. */
interface Values extends Omit<LazyMountOptions, "readTimeoutMs" | "mountOptions"> {
  readonly readTimeout?: number;
  readonly emulate?: string;
  readonly option?: readonly string[];
}

export function describe(command: Command): void {
  command
    .summary("mount a tree while it arrives")
    .description(
      "Mounts the tree of the manifest FILE on the empty directory MOUNTPOINT, and fetches it from ORIGIN into STORE. Stays in the foreground until an unmount or a signal. A STORE that is there is gone on with. Needs root.",
    )
    .argument("<file>", "the manifest, by fusemeter lazy manifest")
    .argument("<origin>", "a directory, a layer, an HTTP URL, or a module that exports fetch(chunk)")
    .argument("<store>", "a directory for the tree: new, empty, or of an earlier mount")
    .argument("<mountpoint>", "an empty directory")
    .option("--read-timeout <seconds>", "fail a read with EIO after this time (default: it waits)", (text) =>
      numberAbove("read-timeout", text, 0),
    )
    .option("--background-rate <size>", "fetch what nobody waits for at this many bytes a second at most, or 0", rateOf)
    .option("--record <file>", "write a trace of what is read; nothing else is fetched meanwhile")
    .option("--prefetch <file>", "fetch the chunks of a trace before the rest")
    .option("--emulate <link>", "emulate a link to the origin, for instance 20Mbit,50ms")
    .option("-o, --option <list>", "mount options beside ro: suid, dev, noexec, noatime, fsname=NAME", collect)
    .addHelpText(
      "after",
      "\nExample:\n  fusemeter lazy manifest /srv/app > app.manifest\n  fusemeter lazy mount app.manifest https://host/app /var/lib/app /mnt/app",
    )
    .action(run);
}

function rateOf(text: string): number {
  return text === "0" ? 0 : parseSizeBytes(text, "--background-rate");
}

async function run(file: string, where: string, store: string, mountpoint: string, values: Values): Promise<void> {
  const { readTimeout, emulate, option, ...options } = values;
  let lazy: LazyMount | undefined;
  let isToldToStop = false;
  const stop = () => {
    isToldToStop = true;
    void lazy?.unmount();
    // Exiting closes the connection where nothing else has ended it.
    setTimeout(() => exitNow(exitCodeOf("done")), PATIENCE_MS).unref();
  };
  for (const signal of endingSignals) process.on(signal, stop);
  const manifest = await readManifest(file);
  const origin = await openOrigin(manifest, where, { link: emulate === undefined ? null : parseLink(emulate) });
  lazy = await mountLazily(manifest, origin, store, mountpoint, {
    ...options,
    ...(readTimeout !== undefined && { readTimeoutMs: readTimeout * 1000 }),
    mountOptions: option?.flatMap((list) => list.split(",")).filter((word) => word !== "") ?? [],
  });
  await serveControl(lazy);
  const why = lazy.whyNotPassthrough === null ? "" : `; no passthrough: ${lazy.whyNotPassthrough}`;
  const { arrivedChunks, totalChunks } = lazy.status;
  console.error(
    `fusemeter: ${lazy.store} is mounted on ${lazy.mountpoint} (${arrivedChunks} of ${totalChunks} chunks are there${why})`,
  );
  void lazy.complete.then(
    () => console.error("fusemeter: all has arrived"),
    (error: unknown) => console.error(`fusemeter: ${error instanceof Error ? error.message : String(error)}`),
  );
  if (isToldToStop) void lazy.unmount();
  await lazy.ended;
}
