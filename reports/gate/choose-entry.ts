import { FusemeterError } from "../../errors.js";
import type { BaselineEntry, Host } from "../../results/index.js";

import type { Use } from "./with-baseline.js";

/** The first two numbers of a kernel's release: `6.18`. */
function minorVersion({ kernel }: Host): string {
  return kernel.split(".").slice(0, 2).join(".");
}

/** The facts of a host that counts depend on: the kernel, and its passthrough of backing files. */
function pathsOf(host: Host): string {
  return `Linux ${minorVersion(host)} ${host.fuse.passthrough ? "with" : "without"} passthrough`;
}

/**
 * The entry of a baseline that a host may be compared with: its own for counts and times; or else one of another host with the
 * same kernel version and the same way into FUSE, for counts alone.
 *
 * @param path of the baseline, for the error
 * @throws {FusemeterError} `NO_BASELINE_FOR_HOST`
 */
export function chooseEntry(entries: readonly BaselineEntry[], host: Host, path: string): { entry: BaselineEntry; use: Use } {
  const own = entries.find((entry) => entry.host.fingerprint === host.fingerprint && pathsOf(entry.host) === pathsOf(host));
  if (own !== undefined) return { entry: own, use: "counts and times" };
  const like = entries.findLast((entry) => pathsOf(entry.host) === pathsOf(host));
  if (like !== undefined) return { entry: like, use: "counts" };
  throw new FusemeterError({
    code: "NO_BASELINE_FOR_HOST",
    fault: "host",
    problem: `${path} holds no entry that this host (${pathsOf(host)}) can be compared with`,
    reason: `it has ${entries.map((entry) => pathsOf(entry.host)).join("; ") || "none at all"}`,
    remedy: `add this host to it: fusemeter gate --save ${path}`,
  });
}
