import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isRoot } from "../../linux/libc/is-root.js";

/** A kernel tracepoint, as its `format` file describes it. */
export interface Tracepoint {
  /** The `config` of struct perf_event_attr. */
  readonly id: number;
  /** The whole file: its fields and how they print. */
  readonly format: string;
}

/** The reason why something can't be counted on this host, in one line. */
export interface Unavailable {
  readonly unavailable: string;
}

/** The places in which tracefs may be mounted: the second is that of kernels before Linux 4.1. */
const TRACEFS = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

const found = new Map<string, Tracepoint | Unavailable>();

/** Looks a tracepoint up by its name, for instance `raw_syscalls:sys_enter`. */
export function findTracepoint(name: string): Tracepoint | Unavailable {
  const known = found.get(name);
  if (known !== undefined) return known;
  const tracepoint = parse(name, readFormat(`events/${name.replace(":", "/")}/format`));
  found.set(name, tracepoint);
  return tracepoint;
}

function parse(name: string, format: string | null): Tracepoint | Unavailable {
  const id = /^ID: (\d+)$/m.exec(format ?? "")?.[1];
  if (format !== null && id !== undefined) return { id: Number(id), format };
  return {
    unavailable: isRoot() ? `this kernel has no tracepoint ${name}` : `reading the tracepoint ${name} in tracefs needs root`,
  };
}

function readFormat(path: string): string | null {
  for (const folder of TRACEFS) {
    try {
      return readFileSync(`${folder}/${path}`, "utf8");
    } catch {
      // Not mounted there, or not readable.
    }
  }
  return readWhereUnmounted(path);
}

/** Mounts tracefs in a mount namespace that ends with the command, so that nobody sees it and nothing is left. */
function readWhereUnmounted(path: string): string | null {
  const script = 'mount -t tracefs tracefs "$1" && cat "$1/$2"';
  const words = ["--mount", "sh", "-c", script, "sh", TRACEFS[0]!, path];
  try {
    return execFileSync("unshare", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  }
}
