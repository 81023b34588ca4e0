import { type CellKey, hasMountWindow, isAsFound, type ReadaheadSetting } from "../../results/index.js";
import type { Workload } from "../../workloads/index.js";

import { type Backend, NATIVE_AGAIN } from "../backends/backend.js";
import type { FioJob } from "../loads/fio/index.js";

/**
 * True where the reads of a cell depend on its readahead setting. A mount's window rules only reads that its daemon serves; the
 * block device's rules only reads from the device.
 */
export function seesReadahead(
  { name, kind, ownsReadahead = false }: Backend,
  { readahead, cache }: Pick<CellKey, "readahead" | "cache">,
): boolean {
  if (readahead === undefined) return true;
  // Native a second time is there for the noise of the plain case.
  if (name === NATIVE_AGAIN && !isAsFound(readahead)) return false;
  const { mountKiB, initKiB, deviceKiB, advice, access } = readahead;
  const hasWindow = hasMountWindow({ kind, ownsReadahead });
  if (mountKiB !== null && !hasWindow) return false;
  // There is no way to pass `max_readahead` to a daemon of the user's own.
  if (initKiB !== null && (!hasWindow || kind === "command")) return false;
  if (deviceKiB !== null && cache !== "cold") return false;
  // Where the page cache has all of the file, advice about reading it changes nothing.
  return advice === "none" || access === "mmap" || hasWindow || cache === "cold";
}

/** A backend of ours whose daemon answers INIT with the setting's window. */
export function withInitWindow(backend: Backend, { initKiB }: ReadaheadSetting): Backend {
  if (initKiB === null || backend.command === null) return backend;
  return { ...backend, command: backend.command.replace(" mount ", ` mount --max-readahead ${initKiB} `) };
}

/**
 * The part of a fio job that says how it reads. fio gives MADV_RANDOM only to what it takes for random: a sequential read
 * with that advice is a "random" one of which 0 percent are random.
 */
export function readaheadJob(
  { access, advice }: ReadaheadSetting,
  { pattern }: Workload,
): Pick<FioJob, "rw" | "ioengine" | "options"> {
  const isAdvised = advice === "random";
  return {
    rw: pattern === "sequential" && !isAdvised ? "read" : "randread",
    ...(access === "mmap" ? { ioengine: "mmap" } : {}),
    options: {
      ...(isAdvised ? { fadvise_hint: "random" } : {}),
      ...(isAdvised && pattern === "sequential" ? { percentage_random: 0 } : {}),
    },
  };
}
