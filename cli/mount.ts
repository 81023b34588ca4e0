import type { Command } from "commander";
import { type Mount, mount } from "../filesystem/index.js";
import { exitNow } from "../linux/libc/exit.js";
import { endingSignals, exitCodeOf } from "./exit-codes.js";
import { addMountOptions, mountOptionsOf } from "./mount-options.js";

/** The time that a mount has to end by itself after a signal. */
const PATIENCE_MS = 3000;

export function describe(command: Command): void {
  command
    .summary("mount the passthrough filesystem")
    .description(
      "Mounts a mirror of SOURCE on the empty directory MOUNTPOINT. Serves it in the foreground until an unmount or a signal.",
    )
    .argument("<source>", "the directory to mirror")
    .argument("<mountpoint>", "an empty directory outside of the source");
  addMountOptions(command)
    .addHelpText(
      "after",
      "\nExample:\n  fusemeter mount --mode passthrough -o allow_other,default_permissions /srv/data /mnt/data",
    )
    .action(run);
}

async function run(source: string, mountpoint: string, values: Record<string, unknown>): Promise<void> {
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
  mounted = await mount(source, mountpoint, mountOptionsOf(values));
  const why = mounted.whyNotPassthrough === null ? "" : `: ${mounted.whyNotPassthrough}`;
  console.error(
    `fusemeter: ${mounted.source} is mounted on ${mounted.mountpoint} (${mounted.mode} mode${why}, transport ${mounted.transport})`,
  );
  if (isToldToStop) void mounted.unmount();
  await mounted.ended;
}
