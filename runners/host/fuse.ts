import { readFileSync } from "node:fs";
import { release } from "node:os";
import { gunzipSync } from "node:zlib";
import { ENABLE_URING } from "../../linux/mounts/fuse-module.js";
import { readText } from "../../linux/proc/text-file.js";

/** The abilities of the kernel's FUSE, as far as they can be told without a mount. */
export interface FuseSupport {
  /** The kernel can hand reads and writes to a backing file: CONFIG_FUSE_PASSTHROUGH, Linux 6.9. */
  readonly passthrough: boolean;
  /** Requests over io_uring: "on", "off" (the module parameter says N) or "missing" (before Linux 6.14). */
  readonly ioUring: "on" | "off" | "missing";
}

export function fuseSupport(): FuseSupport {
  return {
    passthrough: hasPassthrough(),
    ioUring: ioUringSupport(),
  };
}

function ioUringSupport(): FuseSupport["ioUring"] {
  const parameter = readText(ENABLE_URING);
  if (parameter === null) return "missing";
  return parameter.startsWith("Y") ? "on" : "off";
}

/** True by the kernel's configuration, or, where that can't be read, by the kernel's own function for it. */
function hasPassthrough(): boolean {
  const configuration = kernelConfiguration();
  if (configuration !== null) return /^CONFIG_FUSE_PASSTHROUGH=y$/m.test(configuration);
  return /\bfuse_passthrough_open\b/.test(readText("/proc/kallsyms") ?? "");
}

function kernelConfiguration(): string | null {
  const places = ["/proc/config.gz", `/boot/config-${release()}`, `/lib/modules/${release()}/config`];
  for (const place of places) {
    try {
      const bytes = readFileSync(place);
      return (place.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    } catch {
      // Not there, or not readable.
    }
  }
  return null;
}
