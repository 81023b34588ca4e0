import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isRoot } from "../../linux/libc/is-root.js";
import { PERF_TYPE_TRACEPOINT, type PerfEvent } from "../../linux/perf/perf-event.js";

/** A kernel tracepoint, as its `format` file describes it. */
export interface Tracepoint {
  /** The value for `config` of struct perf_event_attr. */
  readonly id: number;
  /** The whole file: its fields and how they print. */
  readonly format: string;
}

/** A count that can't be had on this host, with the reason in one line. */
export interface Unavailable {
  readonly unavailable: string;
}

/** A tracepoint as an event of a CPU, whichever task runs there. */
export function cpuWideEvent(tracepoint: Tracepoint): PerfEvent;
export function cpuWideEvent(tracepoint: Tracepoint | Unavailable): PerfEvent | Unavailable;
export function cpuWideEvent(tracepoint: Tracepoint | Unavailable): PerfEvent | Unavailable {
  if ("unavailable" in tracepoint) return tracepoint;
  return { type: PERF_TYPE_TRACEPOINT, config: tracepoint.id, inherit: "none", enableOnExec: false, excludeKernel: false };
}

/** The mountpoints of tracefs: since Linux 4.1, and before. */
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

/** Mounts tracefs in a mount namespace that ends with the command, so that nobody else sees the mount and none is left. */
function readWhereUnmounted(path: string): string | null {
  const script = 'mount -t tracefs tracefs "$1" && cat "$1/$2"';
  const words = ["--mount", "sh", "-c", script, "sh", TRACEFS[0]!, path];
  try {
    return execFileSync("unshare", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  }
}
