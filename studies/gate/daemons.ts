import { join } from "node:path";
import { packageRoot } from "../../package-root.js";
import { shellQuoted } from "../../runners/processes/index.js";

/** The daemons of the study: ours, Debian's bindfs, and libfuse's own example. */
export const daemonNames = ["fuse", "bindfs", "passthrough_hp"] as const;
export type DaemonName = (typeof daemonNames)[number];

/**
 * The lines of shell that mount them. passthrough_hp is in no package: it is given, as words of shell, or null. Those of libfuse since
 * 3.17 need `--nopassthrough` among them. Passthrough and splice are off: a fault that is put into pread(2) must be met.
 */
export function daemonCommands(passthroughHp: string | null): Readonly<Record<DaemonName, string | null>> {
  const program = shellQuoted(join(packageRoot(), "bin/fusemeter.js"));
  const ours = `${shellQuoted(process.execPath)} ${program} mount --mode daemon --transport device {source} {mountpoint}`;
  return {
    fuse: ours,
    bindfs: "bindfs -f {source} {mountpoint}",
    passthrough_hp: passthroughHp === null ? null : `${passthroughHp} --foreground --nosplice {source} {mountpoint}`,
  };
}
